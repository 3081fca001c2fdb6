// Sends and ends calls (call.h).
#include "worker/rpc/call.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "worker/rpc/clock.h"
#include "worker/rpc/endpoint.h"

namespace kalam::worker::rpc {

namespace {

// gRPC rounds deadlines.
constexpr int64_t kClockSlackMs = 5;

bool Contains(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

// gRPC's words for a call that never got a connection.
constexpr std::array<std::string_view, 4> kNoLinkTexts = {
    "failed to connect to all addresses",
    "DNS resolution failed",
    "empty address list",
    "connections to all backends failing",
};

// Whether the call may have been given to a connection. A call made while there was none waits for one; if one
// is made and lost again, the call ends in that moment, with other words than these. So a call that ends by its
// time limit while there is no connection has never had one.
bool MayHaveReachedLink(const grpc::Status &status, bool link_was_ready, grpc::Channel &channel) {
    if (status.error_code() == grpc::UNAVAILABLE) {
        return std::none_of(kNoLinkTexts.begin(), kNoLinkTexts.end(),
                            [&](std::string_view text) { return Contains(status.error_message(), text); });
    }
    return link_was_ready || channel.GetState(false) == GRPC_CHANNEL_READY;
}

// gRPC's words for a link that broke under the call. It says "received from peer" of these too.
constexpr std::array<std::string_view, 6> kLostLinkTexts = {
    "Socket closed", "Connection reset by peer", "Broken pipe", "GOAWAY", "keepalive", "Stream removed",
};

// Whether the server has answered with this status.
bool IsFromPeer(const grpc::Status &status, const std::string &origin) {
    if (!Contains(origin, "received from peer")) return false;
    return status.error_code() != grpc::UNAVAILABLE ||
           std::none_of(kLostLinkTexts.begin(), kLostLinkTexts.end(),
                        [&](std::string_view text) { return Contains(status.error_message(), text); });
}

bool NeedsHeader(Rpc rpc) {
    return rpc == Rpc::kPing || rpc == Rpc::kOpenSession;
}

}  // namespace

void Call::Send(grpc::CompletionQueue &queue) {
    if (timeout_ms > 0) {
        context->set_deadline(
            gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC), gpr_time_from_millis(timeout_ms, GPR_TIMESPAN)));
    }
    if (NeedsHeader(rpc) && !endpoint->auth_header.empty()) {
        context->AddMetadata("authorization", endpoint->auth_header);
    }
    const grpc::ByteBuffer request = work->Encode(*this);
    request_bytes = static_cast<uint32_t>(request.Length());
    started_us = NowUs();
    reader = link->stub.PrepareUnaryCall(&*context, MethodPath(rpc), request, &queue);
    reader->StartCall();
    grpc::ClientAsyncResponseReader<grpc::ByteBuffer> &started = *reader;
    is_sent.store(true, std::memory_order_release);  // pairs with End
    started.Finish(&response, &status, this);
}

void Call::Cancel(CancelReason reason) {
    if (cancel != CancelReason::kNone) return;
    cancel = reason;
    context->TryCancel();
}

void Call::Abandon(int64_t now_us) {
    if (cancel != CancelReason::kNone) return;
    // What was not sent yet has no stream to reset.
    if (is_sent.load(std::memory_order_acquire) && !link->resets.MayAdd()) {
        cancel_at_us = now_us;
        return;
    }
    link->resets.Add(now_us);
    Cancel(CancelReason::kAbandoned);
}

Failure Call::End() {
    (void)is_sent.load(std::memory_order_acquire);  // pairs with Send
    ended_us = NowUs();
    if (status.ok()) return {};
    return MapStatus(status,
                     {
                         .rpc = rpc,
                         .from_peer = IsFromPeer(status, context->debug_error_string()),
                         .reached_link = MayHaveReachedLink(status, link_was_ready, *link->channel),
                         .cancel = cancel,
                         .time_is_over = timeout_ms > 0 &&
                                         ended_us - started_us >= (timeout_ms - kClockSlackMs) * kMillisecond,
                         .timeout_ms = timeout_ms,
                     });
}

Call &CallTable::Get() {
    if (free_.empty()) free_.push_back(all_.emplace_back(std::make_unique<Call>()).get());
    Call *call = free_.back();
    free_.pop_back();
    call->index = live_.size();
    live_.push_back(call);
    call->context.emplace();
    return *call;
}

void CallTable::Put(Call &call) {
    live_[call.index] = live_.back();
    live_[call.index]->index = call.index;
    live_.pop_back();
    call.reader.reset();
    call.context.reset();
    call.link.reset();
    call.response.Clear();
    call.cancel = CancelReason::kNone;
    call.cancel_at_us = 0;
    call.is_sent.store(false, std::memory_order_relaxed);  // the next Get is ordered by the engine's lock
    free_.push_back(&call);
}

const std::string &MethodPath(Rpc rpc) {
    static const std::array<std::string, shm::kRpcCount> paths = {
        "/kalamdb.pg.PgService/Ping",
        "/kalamdb.pg.PgService/OpenSession",
        "/kalamdb.pg.PgService/CloseSession",
        "/kalamdb.pg.PgService/Scan",
        "/kalamdb.pg.PgService/Insert",
        "/kalamdb.pg.PgService/Update",
        "/kalamdb.pg.PgService/Delete",
        "/kalamdb.pg.PgService/BeginTransaction",
        "/kalamdb.pg.PgService/CommitTransaction",
        "/kalamdb.pg.PgService/RollbackTransaction",
        "/kalamdb.pg.PgService/ExecuteSql",
        "/kalamdb.pg.PgService/ExecuteQuery",
    };
    return paths[static_cast<size_t>(rpc)];
}

}  // namespace kalam::worker::rpc
