// The state machine of a completion slot (slot.h). The only file that writes Slot::word.
#include "shm/slot.h"

#include <cstdlib>

#include "shm/page_pool.h"

namespace kalam::shm {

namespace {

constexpr uint8_t Bit(SlotState state) {
    return static_cast<uint8_t>(1u << static_cast<unsigned>(state));
}

// For each state, where Step may lead from there.
constexpr uint8_t kNext[kSlotStateCount] = {
    /* kFree */ 0,
    /* kClaimed */ Bit(SlotState::kSent) | Bit(SlotState::kFree),
    /* kSent */
    Bit(SlotState::kRunning) | Bit(SlotState::kDone) | Bit(SlotState::kAbandoned) | Bit(SlotState::kFree),
    /* kRunning */ Bit(SlotState::kDone) | Bit(SlotState::kAbandoned) | Bit(SlotState::kFree),
    /* kDone */ Bit(SlotState::kFree),
    /* kAbandoned */ Bit(SlotState::kFree),
};

constexpr const char *kNames[kSlotStateCount] = {"free", "claimed", "sent", "running", "done", "abandoned"};

}  // namespace

bool IsLegalStep(SlotState from, SlotState to) {
    return (kNext[static_cast<int>(from)] & Bit(to)) != 0;
}

bool Slot::Step(uint32_t generation, SlotState from, SlotState to) {
    if (!IsLegalStep(from, to)) std::abort();
    uint64_t expected = Word(generation, from);
    // Release: what was written before the step is seen by who sees the step (State, Is, Step: acquire).
    // Acquire: who takes the step sees what the other side wrote before its own last one.
    return word.compare_exchange_strong(expected, Word(generation, to), std::memory_order_acq_rel,
                                        std::memory_order_acquire);
}

uint32_t Slot::Claim() {
    uint64_t expected = word.load(std::memory_order_acquire);
    if (static_cast<SlotState>(expected & 0xff) != SlotState::kFree) return 0;
    uint32_t generation = static_cast<uint32_t>(expected >> 8) + 1;
    if (generation == 0) generation = 1;  // 0 says "none"
    const bool claimed = word.compare_exchange_strong(expected, Word(generation, SlotState::kClaimed),
                                                      std::memory_order_acq_rel, std::memory_order_relaxed);
    return claimed ? generation : 0;
}

uint32_t Slot::DropAnswer(PagePool &answer_pool) {
    uint32_t dropped = 0;
    for (uint32_t page; answer_pages.pop(page); ++dropped) answer_pool.Free(page);
    return dropped;
}

const char *NameOf(SlotState state) {
    return kNames[static_cast<int>(state)];
}

}  // namespace kalam::shm
