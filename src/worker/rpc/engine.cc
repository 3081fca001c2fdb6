// The engine's life, and the functions of bridge.h. Each of them runs under a full signal mask, because gRPC may
// start threads at any time and they inherit the mask: PostgreSQL's signals belong to the main thread.
#include "worker/rpc/engine.h"

#include <absl/synchronization/mutex.h>
#include <grpc/grpc.h>
#include <grpc/support/log.h>
#include <malloc.h>
#include <pthread.h>
#include <signal.h>

#include <chrono>
#include <cstdarg>
#include <system_error>

#include "worker/rpc/clock.h"

namespace kalam::worker::rpc {

namespace {

constexpr std::chrono::milliseconds kCloseAtStop{500};

// Blocks all signals of this thread while it lives.
class SignalsBlocked {
 public:
    SignalsBlocked() {
        sigset_t all;
        sigfillset(&all);
        pthread_sigmask(SIG_SETMASK, &all, &before_);
    }
    ~SignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
    SignalsBlocked(const SignalsBlocked &) = delete;
    SignalsBlocked &operator=(const SignalsBlocked &) = delete;

 private:
    sigset_t before_;
};

// glibc would give the memory of an answer of some megabytes back to the kernel each time, and take it page by page for
// the next one: a quarter of the worker's time for a scan of 50 000 rows. So much freed memory is kept for each thread.
void KeepFreedMemory() {
    constexpr int kKeptBytes = 32 << 20;
    mallopt(M_TRIM_THRESHOLD, kKeptBytes);
    mallopt(M_MMAP_THRESHOLD, kKeptBytes);
}

// gRPC would write to standard error, which is the server log.
void DropGrpcLog(gpr_log_func_args *) {}

}  // namespace

Engine::Engine(shm::Region *shared, uint32_t worker_epoch, const Config &settings,
               const Hooks &hook_functions)
    : region(shared),
      epoch(worker_epoch),
      hooks(hook_functions),
      config(settings),
      session_entries(shared->sessions()),
      runs(shared->slot_count()) {
    quick_ack.SetEnabled(settings.quick_ack);
    region->header().running_requests.store(0, std::memory_order_relaxed);
}

Locked::~Locked() {
    // One outbox a thread, so that their memory is reused.
    thread_local Outbox outbox;
    std::swap(outbox, engine_.outbox);
    HandOver &hand_over = engine_.hand_over;
    const bool hands_over = !outbox.calls.empty() && hand_over.is_running.load(std::memory_order_relaxed) &&
                            std::this_thread::get_id() != engine_.thread.get_id();
    if (hands_over) {
        hand_over.calls.insert(hand_over.calls.end(), outbox.calls.begin(), outbox.calls.end());
        outbox.calls.clear();
        hand_over.has_calls.store(true, std::memory_order_seq_cst);
    }
    engine_.mutex.unlock();
    if (hands_over && !hand_over.is_running.load(std::memory_order_seq_cst)) engine_.SendHandedOver();
    engine_.SendCalls(outbox.calls);
    for (const Wake &wake : outbox.wakes) {
        if (wake.IsNeeded()) engine_.hooks.wake_backend(wake.procno);
    }
    if (outbox.wake_main) engine_.hooks.wake_main();
    outbox.Clear();
}

void Engine::SendCalls(const std::vector<Call *> &batch) {
    if (batch.empty()) return;
    for (Call *call : batch) call->Send(queue);
    quick_ack.Arm();
    EndLongSleep();
}

void Engine::SendHandedOver() {
    thread_local std::vector<Call *> batch;
    {
        const std::lock_guard lock(mutex);
        hand_over.has_calls.store(false, std::memory_order_relaxed);
        std::swap(batch, hand_over.calls);
    }
    SendCalls(batch);
    batch.clear();
}

Call &Engine::MakeCall(Work &work, Rpc rpc, Endpoint &endpoint, uint32_t timeout_ms) {
    Call &call = calls.Get();
    call.work = &work;
    call.rpc = rpc;
    call.endpoint = &endpoint;
    call.timeout_ms = timeout_ms;
    call.made_us = NowUs();
    call.session_id.clear();
    call.transaction_id.clear();
    call.item = 0;
    call.link = endpoint.channel->ForCall(&call.link_was_ready);
    if (!call.link_was_ready) quick_ack.ExpectConnection(call.made_us);
    ++endpoint.calls;
    in_flight.fetch_add(1, std::memory_order_seq_cst);  // pairs with RunCompletions
    outbox.calls.push_back(&call);
    return call;
}

void Engine::WakeBackend(int32_t procno) {
    outbox.wakes.push_back({.procno = procno, .slot = nullptr, .generation = 0});
}

void Engine::WakeForDone(const shm::Slot &slot, uint32_t generation) {
    outbox.wakes.push_back({.procno = slot.owner_procno, .slot = &slot, .generation = generation});
}

void Engine::AddLog(Log::Level level, const char *format, ...) {
    va_list args;
    va_start(args, format);
    log.Add(level, format, args);
    va_end(args);
    outbox.wake_main = true;
}

uint32_t Engine::TimeoutFor(uint32_t request_timeout_ms) const {
    return request_timeout_ms > 0 ? request_timeout_ms : static_cast<uint32_t>(config.request_timeout_ms);
}

bool Engine::IsSessionIdInUse(const std::string &id) const {
    for (const auto &closer : closers) {
        if (closer->session_id() == id) return true;
    }
    for (const auto &session : closing_sessions) {
        if (session->id() == id) return true;
    }
    return false;
}

void Engine::CloseLater(Endpoint &endpoint, std::string session_id, std::string transaction,
                        SessionView view) {
    closers.push_back(std::make_unique<Closer>(*this, endpoint, std::move(session_id), std::move(transaction),
                                               std::move(view)));
    closers.back()->Tick(NowUs());
}

// ---- bridge.h -----------------------------------------------------------------------------------------------

Engine *StartEngine(shm::Region *region, uint32_t epoch, const Config &config, const Hooks &hooks,
                    const char **error) noexcept {
    const SignalsBlocked blocked;
    KeepFreedMemory();
    gpr_set_log_function(DropGrpcLog);
    // gRPC's locks would otherwise keep a graph of who waits for whom: some percent of a call's time.
    absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
    grpc_init();
    try {
        auto engine = std::make_unique<Engine>(region, epoch, config, hooks);
        {
            const Locked lock(*engine);
            engine->FailSlots();
        }
        engine->thread = std::thread(&Engine::RunCompletions, engine.get());
        return engine.release();
    } catch (const std::system_error &) {
        *error = "could not start the completion thread";
    } catch (const std::bad_alloc &) {
        *error = "out of memory";
    }
    grpc_shutdown();
    return nullptr;
}

void Take(Engine *engine, std::span<const shm::Signal> signals) noexcept {
    const SignalsBlocked blocked;
    engine->TakeSignals(signals);
}

void PumpAnswers(Engine *engine) noexcept {
    const int64_t now_us = NowUs();
    // Relaxed: it is set before a need for pages is announced, and the answer to that is our latch.
    if (!engine->has_stalled.load(std::memory_order_relaxed) && now_us < engine->next_sweep_us) return;
    const SignalsBlocked blocked;
    const Locked lock(*engine);
    std::erase_if(engine->stalled, [](RequestRun *run) { return run->ContinueAnswer(); });
    engine->has_stalled.store(!engine->stalled.empty(), std::memory_order_relaxed);
    engine->SweepAbandoned(now_us);
}

void Reconfigure(Engine *engine, const Config &config) noexcept {
    const SignalsBlocked blocked;
    const Locked lock(*engine);
    engine->config = config;
    engine->quick_ack.SetEnabled(config.quick_ack);
    for (auto &[key, channel] : engine->channels) {
        if (const auto alive = channel.lock()) alive->Reconfigure(config);
    }
}

bool NextLogLine(Engine *engine, LogLine &line) noexcept {
    return engine->log.Next(line);
}

namespace {

void FailRuns(Engine &engine) {
    const Locked lock(engine);
    engine.stopping = true;
    for (auto &run : engine.runs) {
        if (run != nullptr) run->FailForStop();
    }
    for (Call *call : engine.calls.live()) {
        if (!call->work->GoesOnAtStop()) call->Cancel(CancelReason::kStopping);
    }
}

void CloseSessions(Engine &engine) {
    const Locked lock(engine);
    for (auto &[id, endpoint] : engine.endpoints) {
        for (auto &[pid, session] : endpoint->own_sessions) session->CloseForStop();
        if (endpoint->carrier != nullptr) endpoint->carrier->CloseForStop();
    }
    for (auto &session : engine.closing_sessions) session->CloseForStop();
}

bool AllClosed(const Engine &engine) {
    for (const auto &closer : engine.closers) {
        if (!closer->IsDone()) return false;
    }
    return true;
}

// Waits for the closers as long as that is allowed, then for the end of every call, which cancelling brings.
void AwaitEnd(Engine &engine) {
    std::unique_lock lock(engine.mutex);
    engine.idle.wait_for(lock, kCloseAtStop, [&] { return AllClosed(engine); });
    for (Call *call : engine.calls.live()) call->Cancel(CancelReason::kStopping);
    engine.idle.wait(lock, [&] { return engine.calls.live().empty(); });
}

}  // namespace

void StopEngine(Engine *engine) noexcept {
    const SignalsBlocked blocked;
    FailRuns(*engine);
    CloseSessions(*engine);
    AwaitEnd(*engine);
    engine->alarm.Cancel();
    engine->queue.Shutdown();
    engine->thread.join();
    {
        const Locked lock(*engine);
        engine->FailSlots();
    }
    delete engine;
    grpc_shutdown();
}

}  // namespace kalam::worker::rpc
