// The slots that this backend has under way, and their return whatever happens: on error and at the end of a
// portal by resource owner, at exit by callback. Called by client.cc only.
//
// A call holds a slot from ClaimSlot until its answer is taken in (ReleaseSlot) or it is given up (Forget).
// What a slot's request occupies in the request pool is the worker's to free once the request was sent.
#pragma once

#include "backend/endpoint.h"
#include "backend/pg.h"
#include "backend/shared_memory.h"

extern "C" {
#include "utils/resowner.h"
}

namespace kalam::backend {

// An answer's body while it grows, contiguous, in one memory context. One byte more than the size is kept for
// a terminating zero.
struct BodyBuffer {
    char *data = nullptr;
    uint64_t size = 0;
    uint64_t capacity = 0;

    // Makes room for `bytes` in all. Raises when memory is out.
    void Reserve(MemoryContext context, uint64_t bytes);
    void Append(MemoryContext context, const char *bytes, uint64_t count);
    // Terminates the text; data is not null afterwards.
    void Finish(MemoryContext context);
};

struct PendingCall {
    PendingCall *next;     // the call that was made after this one
    ResourceOwner owner;   // who forgets the call if nobody waits for it
    MemoryContext memory;  // of the call; also of a body that was taken in early
    shm::Slot *slot;       // null once the answer is taken in
    uint32_t generation;
    bool in_lane;              // the worker will hear of the slot
    const Endpoint *endpoint;  // lives to the end of the transaction, as the call does
    common::AnswerHead head;
    BodyBuffer body;
};

// Registers what gives calls back, once in the life of a backend. ClaimSlot sees to it.
void WatchOverCalls();

// Which slots a request may take: the reserved ones are for what an abort sends (shared_memory.h).
enum class SlotUse : uint8_t { kOrdinary, kAlsoReserved };

// A call with one of this backend's slots, CLAIMED for this worker epoch; null when all are taken.
PendingCall *ClaimSlot(shm::Region &region, uint32_t epoch, SlotUse use);

// A slot without a call that watches over it, for requests nobody waits for; also a reserved one. Null when all are
// taken; never raises.
shm::Slot *ClaimDetachedSlot(shm::Region &region, uint32_t epoch, uint32_t *generation) noexcept;

// The oldest call whose answer is not taken in yet; null: none.
PendingCall *OldestPendingCall();

// Gives a DONE slot back; the call stays until it is forgotten.
void ReleaseSlot(shm::Region &region, PendingCall *call);

// Gives up whatever the call still holds, tells the worker, and frees the call. Never raises.
void Forget(PendingCall *call) noexcept;

// Forgets the calls that were made under the resource owner or one inside it; null: all calls.
void ForgetCallsOf(ResourceOwner owner) noexcept;

// Whether the backend is on its way out: nothing may be sent any more.
bool IsExiting();

}  // namespace kalam::backend
