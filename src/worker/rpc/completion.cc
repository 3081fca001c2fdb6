// The completion thread: drains the queue, lets the work that made a call go on, keeps the timers and the quick
// acknowledgement. It alone takes calls out of the queue. It must not block on anything but the queue and the
// engine's mutex.
#include "worker/rpc/clock.h"
#include "worker/rpc/engine.h"

namespace kalam::worker::rpc {

namespace {

constexpr int64_t kQuickAckEveryUs = kMillisecond;
constexpr int64_t kIdleSleepUs = 500 * kMillisecond;
constexpr size_t kEndedAtOnce = 64;
// The tick goes on for a while after the last call, so that a client that makes one call after the other does
// not pay for ending a long sleep each time.
constexpr int64_t kLingerUs = 20 * kMillisecond;

gpr_timespec In(int64_t us) {
    return gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC), gpr_time_from_micros(us, GPR_TIMESPAN));
}

void CountCall(Endpoint &endpoint, const Call &call, const Failure &failure) {
    shm::EndpointStats &stats = endpoint.stats;
    const auto rpc = static_cast<size_t>(call.rpc);
    // Relaxed: sums for views.
    stats.calls[rpc].fetch_add(1, std::memory_order_relaxed);
    if (!failure.Ok()) stats.errors[rpc].fetch_add(1, std::memory_order_relaxed);
    stats.bytes_sent.fetch_add(call.request_bytes, std::memory_order_relaxed);
    stats.bytes_received.fetch_add(call.response.Valid() ? call.response.Length() : 0,
                                   std::memory_order_relaxed);
    const auto us = static_cast<uint64_t>(call.ended_us - call.started_us);
    stats.latency[static_cast<size_t>(shm::LatencyBucket(us))].fetch_add(1, std::memory_order_relaxed);
}

void NoteResets(const Call &call, const Failure &failure) {
    // A call that we have cancelled may seem to be refused by the server.
    const bool refused = failure.status.cause == common::Cause::kServer && call.cancel == CancelReason::kNone;
    if (failure.Ok() || refused) call.link->resets.NoteAnswer(call.started_us);
    if (failure.status.cause == common::Cause::kTimeout) call.link->resets.Add(call.ended_us);
}

// Notes what the end of a call says about the link.
void NoteLink(Engine &engine, Endpoint &endpoint, const Failure &failure) {
    const bool answered = failure.Ok() || failure.status.cause == common::Cause::kServer;
    if (answered) {
        const bool was_down = std::exchange(endpoint.link_is_down, false);
        if (endpoint.channel->NoteAnswer()) endpoint.stats.reconnects.fetch_add(1, std::memory_order_relaxed);
        if (was_down) engine.AddLog(Log::kLog, "connected to %s again", endpoint.name.c_str());
        return;
    }
    const bool is_down =
        failure.status.cause == common::Cause::kConnect || failure.status.cause == common::Cause::kTransport;
    if (!is_down || engine.stopping || std::exchange(endpoint.link_is_down, true)) return;
    engine.AddLog(Log::kLog, "lost or could not make the connection to %s: %s", endpoint.name.c_str(),
                  failure.text.c_str());
}

}  // namespace

void Engine::OnCompletions() {
    const Locked lock(*this);
    for (Call *call : ended) OnCompletion(*call);
    if (stopping) idle.notify_all();
}

void Engine::OnCompletion(Call &call) {
    const Failure failure = call.End();
    Endpoint &endpoint = *call.endpoint;
    CountCall(endpoint, call, failure);
    NoteResets(call, failure);
    if (call.cancel == CancelReason::kNone) NoteLink(*this, endpoint, failure);
    if (!call.link_was_ready) quick_ack.NoteConnected();
    if (!stopping || call.work->GoesOnAtStop()) call.work->OnCallEnd(call, failure);
    --endpoint.calls;
    calls.Put(call);
    in_flight.fetch_sub(1, std::memory_order_relaxed);  // an early look costs one tick more
}

void Engine::EndLongSleep() {
    if (!sleeps_long.load(std::memory_order_seq_cst)) return;
    // A time long past, so that the alarm goes off here and now and not by way of gRPC's timers.
    if (!alarm_is_set.exchange(true)) alarm.Set(&queue, gpr_inf_past(GPR_CLOCK_MONOTONIC), &alarm);
}

void Engine::NoteEvent(void *tag) {
    if (tag == &alarm) {
        alarm_is_set.store(false);
    } else {
        ended.push_back(static_cast<Call *>(tag));
    }
}

// Waits for an event as long as there is nothing to send, and takes along what else has ended: one lock for all of it, and
// nobody is woken, to take our place on the processor, before all of it is done.
grpc::CompletionQueue::NextStatus Engine::NextEvents(int64_t wait_us) {
    for (;;) {
        hand_over.is_running.store(false, std::memory_order_seq_cst);
        if (!hand_over.has_calls.load(std::memory_order_seq_cst)) break;
        hand_over.is_running.store(true, std::memory_order_seq_cst);
        SendHandedOver();
    }
    void *tag = nullptr;
    bool ok = false;
    ended.clear();
    const auto event = queue.AsyncNext(&tag, &ok, In(wait_us));
    hand_over.is_running.store(true, std::memory_order_seq_cst);
    if (event != grpc::CompletionQueue::GOT_EVENT) return event;
    NoteEvent(tag);
    // Relaxed: a call that is missed now comes with the next event.
    while (ended.size() < kEndedAtOnce &&
           ended.size() < static_cast<size_t>(in_flight.load(std::memory_order_relaxed)) &&
           queue.AsyncNext(&tag, &ok, gpr_inf_past(GPR_CLOCK_MONOTONIC)) == grpc::CompletionQueue::GOT_EVENT)
        NoteEvent(tag);
    return event;
}

void Engine::RunCompletions() {
    int64_t linger_until_us = 0;
    int64_t next_ack_us = 0;
    for (;;) {
        sleeps_long.store(NowUs() >= linger_until_us, std::memory_order_seq_cst);
        const bool is_busy = in_flight.load(std::memory_order_seq_cst) > 0;
        const bool ticks = is_busy || !sleeps_long.load(std::memory_order_relaxed);
        const auto event = NextEvents(ticks ? kQuickAckEveryUs : kIdleSleepUs);
        if (event == grpc::CompletionQueue::SHUTDOWN) return;
        if (!ended.empty()) OnCompletions();
        const int64_t now = NowUs();
        if (event == grpc::CompletionQueue::GOT_EVENT || is_busy) linger_until_us = now + kLingerUs;
        if (ticks && now >= next_ack_us) {
            next_ack_us = now + kQuickAckEveryUs;
            quick_ack.Arm();
        }
        if (now >= next_tick_us || quick_ack.IsRefreshDue(now)) TickLocked(now);
    }
}

void Engine::TickLocked(int64_t now_us) {
    const Locked lock(*this);
    if (in_flight.load(std::memory_order_relaxed) > 0) quick_ack.Refresh(now_us);
    Tick(now_us);
}

}  // namespace kalam::worker::rpc
