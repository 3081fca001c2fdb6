// What becomes of the signals from the lanes: requests become runs, cancels reach their run, sessions of gone
// backends and dropped servers are closed. Called by the main thread through bridge.h; with the lock held but for
// TakeSignals and LoadRequest (bodies are copied before it is taken).
#include <cstring>

#include "worker/rpc/clock.h"
#include "worker/rpc/engine.h"

namespace kalam::worker::rpc {

using common::Cause;
using common::Code;
using shm::SlotState;

namespace {

constexpr int64_t kSweepEveryUs = 10 * kSecond;

void RetireAbandoned(shm::Region &region, shm::Slot &slot, uint32_t generation) {
    if (!slot.Is(generation, SlotState::kAbandoned)) return;
    region.request_pages().FreeChain(slot.request_first_page);
    slot.request_first_page = shm::kNoPage;
    slot.DropAnswer(region.answer_pages());
    slot.Step(generation, SlotState::kAbandoned, SlotState::kFree);
}

}  // namespace

size_t EndpointIdHash::operator()(const common::EndpointId &id) const {
    size_t hash;  // the id is a hash already
    std::memcpy(&hash, id.bytes.data(), sizeof hash);
    return hash;
}

RequestRun &Engine::RunOf(uint32_t slot_index) {
    std::unique_ptr<RequestRun> &run = runs[slot_index];
    if (run == nullptr) {
        const std::lock_guard lock(mutex);  // the timers look through `runs`; only this thread writes it
        run = std::make_unique<RequestRun>(*this);
    }
    return *run;
}

void Engine::TakeSignals(std::span<const shm::Signal> signals) {
    loaded.clear();
    for (const shm::Signal &signal : signals) {
        if (signal.kind == shm::SignalKind::kRequest) loaded.push_back(LoadRequest(signal));
    }
    const Locked lock(*this);
    auto next = loaded.begin();
    for (const shm::Signal &signal : signals) {
        if (signal.kind != shm::SignalKind::kRequest) {
            TakeControl(signal);
        } else if (RequestRun *run = *next++; run != nullptr) {
            BeginRequest(*run);
        }
    }
}

RequestRun *Engine::LoadRequest(const shm::Signal &signal) {
    stats().requests.fetch_add(1, std::memory_order_relaxed);
    shm::Slot &slot = region->slot(signal.slot.index);
    if (!slot.Step(signal.slot.generation, SlotState::kSent, SlotState::kRunning)) {
        RetireAbandoned(*region, slot, signal.slot.generation);
        return nullptr;
    }
    RequestRun &run = RunOf(signal.slot.index);
    run.Load(slot, signal.slot.generation);
    return &run;
}

void Engine::BeginRequest(RequestRun &run) {
    if (stopping || run.epoch() != epoch) {
        return run.Refuse(MakeFailure(Code::kUnavailable, Cause::kWorkerGone, {}));
    }
    if (!run.is_readable()) {
        return run.Refuse(
            MakeFailure(Code::kInvalidArgument, Cause::kBadRequest, "the request's body cannot be read"));
    }
    Endpoint *endpoint = FindEndpoint(run);
    if (endpoint == nullptr) {
        return run.Refuse(MakeFailure(Code::kNotFound, Cause::kUnknownEndpoint, {}));
    }
    endpoint->NoteServer(run.head().server);
    run.Begin(*endpoint, TimeoutFor(run.head().timeout_ms));
}

Endpoint *Engine::FindEndpoint(const RequestRun &run) {
    const common::RequestHead &head = run.head();
    const auto it = endpoints.find(head.endpoint);
    if (it != endpoints.end()) return it->second.get();
    if (!head.has_endpoint) return nullptr;
    std::unique_ptr<Endpoint> &endpoint = endpoints[head.endpoint];
    endpoint = std::make_unique<Endpoint>(*this, head.endpoint, run.request().endpoint);
    PublishPorts();
    return endpoint.get();
}

void Engine::PublishPorts() {
    std::vector<uint16_t> ports;
    for (const auto &[id, endpoint] : endpoints) {
        if (endpoint->channel != nullptr) ports.push_back(endpoint->channel->port());
    }
    quick_ack.SetPorts(std::move(ports));
}

void Engine::TakeControl(const shm::Signal &signal) {
    switch (signal.kind) {
        case shm::SignalKind::kCancel:
            return TakeCancel(signal);
        case shm::SignalKind::kBackendExit:
            return TakeBackendExit(static_cast<int32_t>(signal.slot.generation));
        case shm::SignalKind::kServerDropped:
            return TakeServerDropped({.database = signal.slot.index, .server = signal.slot.generation});
        case shm::SignalKind::kRequest:
            return;  // TakeSignals
    }
}

void Engine::TakeCancel(const shm::Signal &signal) {
    stats().cancelled.fetch_add(1, std::memory_order_relaxed);
    RequestRun *run = runs[signal.slot.index].get();
    if (run != nullptr && run->Is(signal)) return run->Abandon();
    // Not taken yet, or never to be: its own signal will find another generation or state.
    RetireAbandoned(*region, region->slot(signal.slot.index), signal.slot.generation);
}

void Engine::TakeBackendExit(int32_t pid) {
    for (auto &[id, endpoint] : endpoints) endpoint->CloseOwnSession(pid);
}

void Engine::TakeServerDropped(const common::ServerRef &server) {
    for (auto &[id, endpoint] : endpoints) endpoint->DropServer(server);
}

void Engine::SweepAbandoned(int64_t now_us) {
    if (now_us < next_sweep_us) return;
    next_sweep_us = now_us + kSweepEveryUs;
    for (uint32_t i = 0; i < region->slot_count(); ++i) {
        shm::Slot &slot = region->slot(i);
        const uint32_t generation = slot.Generation();
        if (!slot.Is(generation, SlotState::kAbandoned)) continue;
        TakeCancel({.kind = shm::SignalKind::kCancel, .slot = {.index = i, .generation = generation}});
    }
}

// ---- slots without a worker ---------------------------------------------------------------------------------

namespace {

// Answers for a worker that has gone. False: the slot moved on meanwhile.
bool FailSlot(shm::Region &region, shm::Slot &slot, uint32_t generation, SlotState state) {
    const common::RequestHead &head = slot.request_head;
    const bool may_have_acted = state == SlotState::kRunning && Writes(RpcFor(head.operation));
    slot.answer_head = {};
    slot.answer_head.status = {
        .code = Code::kUnavailable,
        .cause = Cause::kWorkerGone,
        .outcome = may_have_acted ? common::Outcome::kUnknown : common::Outcome::kNotDone,
    };
    slot.answer_bytes = slot.answer_inline_bytes = 0;
    const uint32_t page = slot.request_first_page;
    slot.request_first_page = shm::kNoPage;
    const SlotState next = head.detached ? SlotState::kFree : SlotState::kDone;
    if (!slot.Step(generation, state, next)) {
        slot.request_first_page = page;  // ABANDONED now: still the worker's
        return false;
    }
    region.request_pages().FreeChain(page);
    return true;
}

}  // namespace

void Engine::FailSlots() {
    for (uint32_t i = 0; i < region->slot_count(); ++i) {
        shm::Slot &slot = region->slot(i);
        const uint32_t generation = slot.Generation();
        for (const SlotState state : {SlotState::kSent, SlotState::kRunning}) {
            if (slot.Is(generation, state) && FailSlot(*region, slot, generation, state))
                WakeBackend(slot.owner_procno);
        }
        RetireAbandoned(*region, slot, generation);
    }
}

}  // namespace kalam::worker::rpc
