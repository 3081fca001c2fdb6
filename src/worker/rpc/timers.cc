// What happens without anybody asking: time limits of what waits, sessions kept alive or let go, endpoints
// forgotten. Called by the completion thread with the engine's lock held, ten times a second while calls are in
// flight, otherwise twice.
#include <signal.h>

#include <algorithm>
#include <cerrno>

#include "worker/rpc/clock.h"
#include "worker/rpc/engine.h"

namespace kalam::worker::rpc {

namespace {

constexpr int64_t kBusyTickUs = 100 * kMillisecond;
constexpr int64_t kSlowTickUs = 20 * kSecond;
constexpr int64_t kForgetEndpointUs = 10 * 60 * kSecond;

bool IsGone(const Engine &engine, int32_t pid) {
    if (engine.hooks.is_alive != nullptr) return !engine.hooks.is_alive(pid);
    return kill(pid, 0) != 0 && errno == ESRCH;
}

// gRPC limits each attempt to connect, but not the time that a name takes to resolve, nor several addresses.
void LimitConnecting(Engine &engine, int64_t now_us) {
    const int64_t limit_us = engine.config.connect_timeout_ms * kMillisecond;
    for (Call *call : engine.calls.live()) {
        if (call->cancel_at_us != 0 && now_us >= call->cancel_at_us) call->Abandon(now_us);
        if (call->link_was_ready || now_us - call->made_us < limit_us) continue;
        call->link_was_ready = call->link->channel->GetState(false) == GRPC_CHANNEL_READY;
        if (!call->link_was_ready) call->Cancel(CancelReason::kConnectTimeout);
    }
}

void TickSessions(Engine &engine, int64_t now_us) {
    for (auto &[id, endpoint] : engine.endpoints) {
        for (auto &[pid, session] : endpoint->own_sessions) session->Tick(now_us);
        if (endpoint->carrier != nullptr) endpoint->carrier->Tick(now_us);
        endpoint->CloseIdleCarrier(now_us);
        endpoint->groups.Expire(now_us);
    }
    std::erase_if(engine.closing_sessions, [](auto &session) { return session->TryClose(); });
    for (size_t i = 0; i < engine.closers.size(); ++i) engine.closers[i]->Tick(now_us);
    std::erase_if(engine.closers, [](auto &closer) { return closer->IsDone(); });
}

// A backend says when it goes, unless the lane was full.
void CloseSessionsOfTheGone(Engine &engine) {
    for (auto &[id, endpoint] : engine.endpoints) {
        std::vector<int32_t> gone;
        for (const auto &[pid, session] : endpoint->own_sessions) {
            if (IsGone(engine, pid)) gone.push_back(pid);
        }
        for (int32_t pid : gone) endpoint->CloseOwnSession(pid);
    }
}

void ForgetEndpoints(Engine &engine, int64_t now_us) {
    std::erase_if(engine.endpoints, [now_us](const auto &entry) {
        return entry.second->IsUnused() && now_us - entry.second->last_use_us > kForgetEndpointUs;
    });
    std::erase_if(engine.channels, [](const auto &entry) { return entry.second.expired(); });
    engine.PublishPorts();
}

}  // namespace

void Engine::Tick(int64_t now_us) {
    if (stopping || now_us < next_tick_us) return;
    next_tick_us = now_us + kBusyTickUs;
    LimitConnecting(*this, now_us);
    for (auto &run : runs) {
        if (run != nullptr) run->Expire(now_us);
    }
    TickSessions(*this, now_us);
    if (now_us < next_slow_tick_us) return;
    next_slow_tick_us = now_us + kSlowTickUs;
    CloseSessionsOfTheGone(*this);
    ForgetEndpoints(*this, now_us);
}

}  // namespace kalam::worker::rpc
