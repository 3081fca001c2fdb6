// The door between the worker's PostgreSQL half (src/worker) and its gRPC half (src/worker/rpc). Everything
// here is noexcept, takes and returns plain values, and never calls PostgreSQL except through Hooks.
//
//   Engine *engine = StartEngine(region, config, hooks);        // after fork, signals set up
//   for (;;) { ...WaitLatch...; pop signals; Take(engine, signals); PumpAnswers(engine); NextLogLine(...); }
//   StopEngine(engine);
//
// Threads: Take, PumpAnswers, Reconfigure, NextLogLine and StopEngine are called by the main thread. The engine
// has one thread of its own, the completion thread, started under a full signal mask: it drains the
// CompletionQueue, fills slots, starts queued calls and groups, and keeps the timers. Both take the engine's
// one mutex. The completion thread calls exactly one function of PostgreSQL, SetLatch, through
// Hooks::wake_backend and Hooks::wake_main (src/worker/wake.cc says why it may).
#pragma once

#include <cstdint>
#include <span>

#include "shm/region.h"

namespace kalam::worker::rpc {

struct Engine;

struct Hooks {
    void (*wake_backend)(int32_t procno) noexcept;  // sets the latch of one backend
    void (*wake_main)() noexcept;  // sets the worker's own latch: there is something to log or to pump
    // Whether a backend still runs; null: the kernel is asked. For tests, whose backends are no processes.
    bool (*is_alive)(int32_t pid) noexcept = nullptr;
};

// The GUCs the engine needs. All may change at SIGHUP (Reconfigure).
struct Config {
    int32_t worker_pid = 0;
    int32_t connect_timeout_ms = 5000;    // to a connection being ready; then kConnect
    int32_t request_timeout_ms = 60000;   // a ceiling for calls whose request has none; 0: none
    int32_t keepalive_ms = 20000;         // HTTP/2 pings on an active channel; 0: off
    int32_t max_message_bytes = 1 << 30;  // largest answer accepted
    bool group_inserts = true;
    int32_t group_max_rows = 1000;  // of one grouped Insert
    int32_t group_max_bytes = 1 << 20;
    bool quick_ack = true;  // re-arm TCP_QUICKACK (ARCHITECTURE.md, "Quick acknowledgement")
    int32_t session_warm_ms =
        60000;  // an idle session is kept alive so long after its last use; then it is left to expire
    int32_t carrier_idle_ms = 60000;  // the carrier session is closed after so long without use
};

// Starts the engine for this epoch of the worker: fails what an earlier epoch left in slots (kWorkerGone),
// then takes new work. Null if a thread or the queue could not be made; *error then says why (static
// storage).
Engine *StartEngine(shm::Region *region, uint32_t epoch, const Config &config, const Hooks &hooks,
                    const char **error) noexcept;

// Signals from the lanes, in this order; their calls leave together.
void Take(Engine *engine, std::span<const shm::Signal> signals) noexcept;

// Continues answers that waited for free pages.
void PumpAnswers(Engine *engine) noexcept;

void Reconfigure(Engine *engine, const Config &config) noexcept;

// Lines for the server log, oldest first; free of secrets. `level` 0: debug, 1: log, 2: warning.
struct LogLine {
    int level = 0;
    char text[480] = {};
};
bool NextLogLine(Engine *engine, LogLine &line) noexcept;

// Fails everything under way with kWorkerGone, closes the sessions (bounded: half a second), joins the
// thread. The engine is gone afterwards; every slot is FREE, DONE or CLAIMED.
void StopEngine(Engine *engine) noexcept;

}  // namespace kalam::worker::rpc
