// A completion slot: one request from a backend to the worker, and its answer.
//
//   FREE         -> CLAIMED    backend  Claim: found free among its own slots
//   CLAIMED      -> SENT       backend  request_* is written; then the reference goes into a lane
//   CLAIMED      -> FREE       backend  gave up before sending (an error while writing the request)
//   SENT         -> RUNNING    worker   taken from the lane
//   SENT|RUNNING -> DONE       worker   answer_head is final and every page of the answer is in answer_pages.
//                                       From SENT: a worker that starts or stops fails what it cannot do
//   DONE         -> FREE       backend  after it has read or dropped the answer
//   SENT|RUNNING -> ABANDONED  backend  cancel, timeout, exit
//   ABANDONED    -> FREE       worker   only the worker frees an abandoned slot, when its call has ended
//   SENT|RUNNING -> FREE       worker   the end of a detached request: nobody reads its answer
//
// The state and the generation are one atomic word, so no step can be taken on a slot that was reused
// meanwhile.
//   word            CAS by both sides; every step is release, every look acquire, so what was written before
//                   a step is seen by who sees the step
//   request_*       written by the owner while CLAIMED; read by the worker from SENT on; constant until FREE, but for
//                   request_first_page, which the worker sets to kNoPage when it has given the pages back
//   answer_head     written by the worker while RUNNING, before DONE; read by the owner after it saw DONE
//   inline_bytes    the request until RUNNING (the worker copies it when it starts), then the worker's, for
//                   the answer
//   answer_pages    one producer (worker, one thread at a time under its lock), one consumer (owner; the
//                   worker once ABANDONED). Empty whenever the slot is FREE: who frees it drops the rest
//   owner_*, index  constant after start-up (procno) or written while CLAIMED (pid, epoch)
//
// Backends reach slots through backend/client only, the worker through worker/rpc. No PostgreSQL here.
#pragma once

#include <atomic>
#include <cstdint>

#include "common/message.h"
#include "shm/lockfree.h"

namespace kalam::shm {

enum class SlotState : uint8_t { kFree, kClaimed, kSent, kRunning, kDone, kAbandoned };
inline constexpr int kSlotStateCount = 6;

inline constexpr uint32_t kInlineBytes = 1024;
inline constexpr uint32_t kAnswerWindowPages = 64;  // pages of one answer on their way at once
inline constexpr uint32_t kNoPage = UINT32_MAX;

class PagePool;

// A slot as it travels through a ring: the generation tells a later user of the slot from this one.
struct SlotRef {
    uint32_t index = 0;
    uint32_t generation = 0;
};

struct alignas(64) Slot {
    std::atomic<uint64_t> word{0};  // generation << 8 | state

    uint32_t index = 0;
    int32_t owner_procno = 0;
    int32_t owner_pid = 0;
    uint32_t epoch = 0;  // of the worker the request was sent to

    common::RequestHead request_head;
    uint32_t request_bytes = 0;             // of the body, all in all
    uint32_t request_first_page = kNoPage;  // kNoPage: the body is in inline_bytes
    int64_t sent_at_us = 0;                 // monotonic clock, microseconds

    common::AnswerHead answer_head;
    uint64_t answer_bytes = 0;         // of the whole body; valid once DONE
    uint32_t answer_inline_bytes = 0;  // of the body in inline_bytes; nonzero only if no page was used

    boost::lockfree::spsc_queue<uint32_t, boost::lockfree::capacity<kAnswerWindowPages>> answer_pages;

    alignas(8) char inline_bytes[kInlineBytes];

    // Takes one step. False if the slot is not in `from` of this generation any more (another side was
    // first); a step that the table above does not have is a programming error and aborts.
    bool Step(uint32_t generation, SlotState from, SlotState to);

    // Backend: FREE -> CLAIMED with a new generation, or generation 0 if the slot is not free.
    uint32_t Claim();

    // Consumer of answer_pages: gives back the pages of an answer that nobody will read (any more), before
    // the slot becomes FREE. How many they were. Never while the producer may still add some.
    uint32_t DropAnswer(PagePool &answer_pool);

    SlotRef Ref() const { return {index, Generation()}; }  // for who owns the slot at the moment
    SlotState State() const { return static_cast<SlotState>(word.load(std::memory_order_acquire) & 0xff); }
    uint32_t Generation() const { return static_cast<uint32_t>(word.load(std::memory_order_acquire) >> 8); }
    bool Is(uint32_t generation, SlotState state) const {
        return word.load(std::memory_order_acquire) == Word(generation, state);
    }

    static constexpr uint64_t Word(uint32_t generation, SlotState state) {
        return uint64_t{generation} << 8 | static_cast<uint64_t>(state);
    }
};

const char *NameOf(SlotState state);

// Whether the table above has the step. Claim is not a step of Step: it begins a generation.
bool IsLegalStep(SlotState from, SlotState to);

}  // namespace kalam::shm
