// The backend's only door to shared memory: sends requests to the worker and waits for their answers,
// interruptibly. Called by fdw/, ddl/, functions/ and xact. Everything raises on failure unless it says
// otherwise; what is under way is abandoned on error by a resource-owner callback, so that callers need no
// PG_TRY.
//
//   Answer answer = Call(request);                       // one round trip
//
//   PendingCall *call = Send(request);                   // or several on their way
//   ...
//   Answer answer = Wait(call);
//
// Waiting: check -> WaitLatch(timeout, postmaster death) -> ResetLatch -> CHECK_FOR_INTERRUPTS -> check.
// Ctrl-C, statement_timeout and pg_terminate_backend act at once and reach the server (the worker cancels the
// RPC).
#pragma once

#include <string_view>

#include "backend/pg.h"
#include "backend/request.h"

namespace kalam::backend {

struct Answer {
    common::AnswerHead head;
    char *body;  // palloc'd in the caller's memory context (8-byte aligned), head.status.Ok(): frames or
                 // text; else the error's text
    uint64_t body_bytes;
    const Endpoint *endpoint;  // who was asked: the configured server, or another node of its cluster
};

struct PendingCall;  // a slot of ours that was sent; allocated in TopMemoryContext, freed by Wait or on abort

// Sends the request. Waits for a free slot, pages or queue space, interruptibly. Starts nothing if it raises.
PendingCall *Send(const Request &request);

// Waits for the answer of one call and gives its slot back. A failure is returned in head.status, not raised
// (raise it with ThrowStatus, report.h), except what stops the wait itself (cancel, termination).
Answer TryWait(PendingCall *call);

// As TryWait, and raises a failure.
Answer Wait(PendingCall *call);

// Send and TryWait; a worker that does not know the endpoint's options yet is told them on the way.
Answer TryCallOnce(const Request &request);

// The same at the node of the cluster that leads the request's data, wherever that is (leaders.h). Call raises a
// failure, TryCall returns it.
Answer TryCall(const Request &request);
Answer Call(const Request &request);

// ---- while a transaction aborts, or the backend ends

// Gives up the calls of the (sub)transaction that aborts, which its resource owner would do too late: what undoes
// their effects needs slots. In a backend that ends: all calls.
void GiveUpCalls() noexcept;

// As TryCallOnce, but waits two seconds at most for a worker, and for a slot. A failure to get them raises.
Answer TryCallAtAbort(const Request &request);

// Sends a request nobody waits for (head.detached is set here): rollback when a transaction aborts. Never
// raises, waits two seconds at most for a slot; false when it could not be handed over (no worker, no slot) - the
// server then rolls back with the session's end.
bool SendDetached(const Request &request) noexcept;

// Registers the client's exit callback, after which nothing can be sent. Callbacks run in the opposite order of their
// registration: for who registers one that sends.
void PrepareForExit();

// Reads the frames of an answer's body, one after the other: false at the end. Raises on a body that ends
// early.
struct FrameReader {
    const char *at;
    const char *end;
    explicit FrameReader(const Answer &answer) : at(answer.body), end(answer.body + answer.body_bytes) {}
    bool Next(std::string_view &frame);
};

// Whether the library was preloaded and shared memory is there; otherwise RequireSharedMemory raises with the
// hint.
bool SharedMemoryAttached();
void RequireSharedMemory();

// The worker's epoch at this moment: a remote transaction begun in another epoch is lost.
uint32_t WorkerEpoch();

// Raises what a failed answer says, with SQLSTATE, the server's own words, and a hint that names the next
// action (report.cc). `endpoint` names the server in the message; null: unnamed. `connect_hint`: said in the place
// of the usual hint when no connection could be made.
[[noreturn]] void ThrowStatus(const Answer &answer, const Endpoint *endpoint,
                              const char *connect_hint = nullptr);

// The same of a write to the foreign table `relid` (InvalidOid: not known), with the fields of errors about rows
// (row_violation.h).
[[noreturn]] void ThrowRefusedWrite(const Answer &answer, const Endpoint *endpoint, Oid relid);

}  // namespace kalam::backend
