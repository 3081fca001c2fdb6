// One RPC on its way. Its address is its tag in the CompletionQueue. Calls are reused: Get and Put with the
// engine's lock held; Send without it, by the thread that took the call from the outbox; after Send only
// Cancel, until the completion thread has it back from the queue.
#pragma once

#include <grpcpp/client_context.h>
#include <grpcpp/completion_queue.h>
#include <grpcpp/support/async_unary_call.h>

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "worker/rpc/channel.h"
#include "worker/rpc/work.h"

namespace kalam::worker::rpc {

struct Endpoint;

struct Call {
    Rpc rpc = Rpc::kPing;
    Work *work = nullptr;
    Endpoint *endpoint = nullptr;
    std::shared_ptr<Link> link;
    bool link_was_ready = false;  // when the call was made
    uint32_t item = 0;            // which of the work's items it carries
    uint32_t timeout_ms = 0;
    std::string session_id;
    std::string transaction_id;

    CancelReason cancel = CancelReason::kNone;
    int64_t cancel_at_us = 0;  // 0: never; when the timers abandon it
    int64_t made_us = 0;       // under the lock
    int64_t started_us = 0;    // by the thread that sends it
    int64_t ended_us = 0;
    uint32_t request_bytes = 0;
    size_t index = 0;  // in CallTable::live_
    // Released by Send before gRPC has the call, acquired by the completion thread. gRPC's own locks order the
    // two as well, but only this says so.
    std::atomic<bool> is_sent{false};

    std::optional<grpc::ClientContext> context;
    std::unique_ptr<grpc::ClientAsyncResponseReader<grpc::ByteBuffer>> reader;
    grpc::ByteBuffer response;
    grpc::Status status;

    // Starts the RPC. The completion may be handled by the other thread before this returns: touch nothing
    // afterwards.
    void Send(grpc::CompletionQueue &queue);
    // Ends the RPC soon, wherever it stands. Idempotent; the first reason counts.
    void Cancel(CancelReason reason);
    // Cancels it for kAbandoned, or has the timers try again when its link bears no more resets now.
    void Abandon(int64_t now_us);
    // What came of it. By the completion thread, with the lock held.
    Failure End();
};

// All calls there are.
class CallTable {
 public:
    Call &Get();
    void Put(Call &call);
    const std::vector<Call *> &live() const { return live_; }

 private:
    std::vector<std::unique_ptr<Call>> all_;
    std::vector<Call *> free_;
    std::vector<Call *> live_;
};

}  // namespace kalam::worker::rpc
