// The engine behind bridge.h: everything the two threads share, under one mutex, and what they leave to be done
// once they have let go of it. Internal to worker/rpc.
//
//   main thread         Take, PumpAnswers, Reconfigure, ... (engine.cc): {lock, change, unlock, flush}
//   completion thread   loops over the queue (completion.cc): the same for the calls that have ended, and the timers
//
// Nothing is sent and nobody is woken under the lock: calls to start and latches to set are collected in the
// outbox and dealt with by ~Locked after unlocking.
#pragma once

#include <grpcpp/alarm.h>
#include <grpcpp/completion_queue.h>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "worker/rpc/bridge.h"
#include "worker/rpc/call.h"
#include "worker/rpc/closer.h"
#include "worker/rpc/dropped_read.h"
#include "worker/rpc/endpoint.h"
#include "worker/rpc/log.h"
#include "worker/rpc/quick_ack.h"
#include "worker/rpc/request_run.h"
#include "worker/rpc/session_view.h"

namespace kalam::worker::rpc {

struct EndpointIdHash {
    size_t operator()(const common::EndpointId &id) const;
};

// A backend whose latch is to be set. With a slot: because that is DONE, so not if the backend, awake, has seen it by then.
struct Wake {
    int32_t procno;
    const shm::Slot *slot;  // may be null
    uint32_t generation;

    bool IsNeeded() const { return slot == nullptr || slot->Is(generation, shm::SlotState::kDone); }
};

struct Outbox {
    std::vector<Call *> calls;
    std::vector<Wake> wakes;
    bool wake_main = false;

    bool IsEmpty() const { return calls.empty() && wakes.empty() && !wake_main; }
    void Clear() {
        calls.clear();
        wakes.clear();
        wake_main = false;
    }
};

// How a completion thread that is busy takes over calls that the main thread would send: two threads in gRPC at
// once get in each other's way (it then passes the work to a third). Sending from the completion thread costs
// no hop as long as that thread runs anyway.
//
//   main thread                              completion thread
//     puts calls in, HasCalls -> true          HasCalls -> false, sends them, again and again
//     if it is not running any more:           not running; if HasCalls: runs again
//       takes them out, sends them             waits for the queue
//
// Both sides write one word and then read the other's (seq_cst), so nothing is left behind.
struct HandOver {
    std::atomic<bool> is_running{false};  // written by the completion thread
    std::atomic<bool> has_calls{false};
    std::vector<Call *> calls;  // under the engine's mutex
};

struct Engine {
    Engine(shm::Region *region, uint32_t epoch, const Config &config, const Hooks &hooks);

    // ---- dispatch.cc
    // By the main thread, without the lock.
    void TakeSignals(std::span<const shm::Signal> signals);
    // The run of a request that was copied out of its slot; null: given up meanwhile. Without the lock.
    RequestRun *LoadRequest(const shm::Signal &signal);
    void BeginRequest(RequestRun &run);
    void TakeControl(const shm::Signal &signal);
    void TakeCancel(const shm::Signal &signal);
    void TakeBackendExit(int32_t pid);
    void TakeServerDropped(const common::ServerRef &server);
    Endpoint *FindEndpoint(const RequestRun &run);
    // Answers or frees every slot that an earlier worker, or this one as it stops, leaves behind.
    void FailSlots();
    // Frees slots whose owner gave them up without telling. By the main thread only.
    void SweepAbandoned(int64_t now_us);

    // ---- calls
    // A call that leaves once the lock is given back. The caller fills in what it carries.
    Call &MakeCall(Work &work, Rpc rpc, Endpoint &endpoint, uint32_t timeout_ms);

    // ---- completion.cc
    void RunCompletions();
    void OnCompletions();  // takes the lock
    void OnCompletion(Call &call);
    void TickLocked(int64_t now_us);  // takes the lock
    grpc::CompletionQueue::NextStatus NextEvents(int64_t wait_us);
    void NoteEvent(void *tag);
    void EndLongSleep();  // after a call was started; without the lock
    // Sends calls that were handed over. Without the lock, by either thread.
    void SendHandedOver();
    void SendCalls(const std::vector<Call *> &batch);

    // ---- timers.cc
    void Tick(int64_t now_us);

    void AddLog(Log::Level level, const char *format, ...) __attribute__((format(printf, 3, 4)));
    void PublishPorts();  // of the endpoints, to quick_ack

    void WakeBackend(int32_t procno);
    void WakeForDone(const shm::Slot &slot, uint32_t generation);
    // The limit of a call that its request does not limit.
    uint32_t TimeoutFor(uint32_t request_timeout_ms) const;
    bool IsSessionIdInUse(const std::string &id) const;  // by a session that is being closed
    void CloseLater(Endpoint &endpoint, std::string session_id, std::string transaction, SessionView view);
    RequestRun &RunOf(uint32_t slot_index);
    shm::Stats &stats() { return region->stats(); }

    shm::Region *const region;
    const uint32_t epoch;
    const Hooks hooks;

    std::mutex mutex;
    // ---- under the mutex
    Config config;
    bool stopping = false;
    Outbox outbox;
    HandOver hand_over;
    CallTable calls;
    SessionTableEntries session_entries;
    std::vector<std::unique_ptr<RequestRun>> runs;  // by slot index
    std::unordered_map<std::string, std::weak_ptr<Channel>> channels;
    std::unordered_map<common::EndpointId, std::unique_ptr<Endpoint>, EndpointIdHash> endpoints;
    std::vector<std::unique_ptr<Closer>> closers;
    std::vector<std::unique_ptr<Session>> closing_sessions;  // their backend has gone, calls are in flight
    std::vector<std::unique_ptr<DroppedRead>> dropped_reads;
    std::vector<RequestRun *> stalled;     // answers that wait for pages
    std::atomic<bool> has_stalled{false};  // there may be some; the main thread looks without the mutex
    int64_t next_tick_us = 0;              // of the completion thread
    int64_t next_slow_tick_us = 0;
    int64_t next_sweep_us = 0;     // of the main thread
    std::condition_variable idle;  // notified when no call is in flight any more

    // ---- of the threads themselves
    std::vector<RequestRun *> loaded;  // of the main thread: the requests it is taking
    std::vector<Call *> ended;         // of the completion thread: the calls that it is dealing with
    QuickAck quick_ack;
    Log log;
    grpc::CompletionQueue queue;
    std::thread thread;

    // The completion thread sleeps without the quick-ack tick while nothing is in flight; whoever starts a call
    // ends that sleep with the alarm. The thread stores sleeps_long, then looks at in_flight; the starter counts
    // in_flight, then looks at sleeps_long (both seq_cst), so one of them sees the other.
    std::atomic<int> in_flight{0};
    std::atomic<bool> sleeps_long{false};
    std::atomic<bool> alarm_is_set{false};  // by who ends the sleep; cleared when the alarm has arrived
    grpc::Alarm alarm;                      // set by who changed alarm_is_set to true
};

// Holds the engine's mutex; lets it go, starts the calls and sets the latches collected meanwhile.
class Locked {
 public:
    explicit Locked(Engine &engine) : engine_(engine) { engine_.mutex.lock(); }
    ~Locked();
    Locked(const Locked &) = delete;
    Locked &operator=(const Locked &) = delete;

 private:
    Engine &engine_;
};

}  // namespace kalam::worker::rpc
