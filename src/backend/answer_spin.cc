// How long answers take, and the loop that waits for one awake (answer_spin.h).
#include "backend/answer_spin.h"

#include "backend/clock.h"
#include "backend/guc.h"

extern "C" {
#include "miscadmin.h"
#include "storage/latch.h"
#include "storage/s_lock.h"
}

#include <sched.h>

namespace kalam::backend {

namespace {

using shm::SlotState;

// Looks at the slot between two looks at everything else: about a microsecond.
constexpr int kLooksPerRound = 20;
// A round takes as long as this only when somebody else had the processor.
constexpr int64_t kLostProcessorUs = 150;
// How many answers are waited for asleep after that: twice as many each time, none again after as many that went well.
constexpr int kMostSkipped = 1024;
// Of the newest answer in the usual time of its kind.
constexpr int64_t kWeight = 4;

// The usual time of an answer, microseconds, by operation; 0: not known yet.
int64_t usual_us[common::kOperationCount];

int64_t last_answer_us = 0;  // monotonic clock

int skip_after_loss = 0;
int left_to_skip = 0;

int64_t &UsualUs(const shm::Slot &slot) {
    return usual_us[static_cast<int>(slot.request_head.operation)];
}

// Of those that this process may run on.
bool HasSpareProcessor() {
    static int processors = 0;  // looked up once
    if (processors == 0) {
        cpu_set_t ours;
        // Fails where there are more than a cpu_set_t has room for.
        processors = sched_getaffinity(0, sizeof ours, &ours) == 0 ? CPU_COUNT(&ours) : CPU_SETSIZE;
    }
    return processors > 1;
}

// Relaxed reads: a guess is enough.
bool IsAlone(shm::Region &region) {
    const int32_t running = region.header().running_requests.load(std::memory_order_relaxed);
    return static_cast<uint32_t>(running) + region.requests().depth() + region.control().depth() <= 1;
}

// Whether the session makes one call after the other. One that does other things between them is better off beside its client,
// on a processor that both keep awake.
bool GoesFromCallToCall(const shm::Slot &slot) {
    return slot.sent_at_us - last_answer_us <= guc::spin_limit_us / 2;
}

bool MayPay(const shm::Slot &slot) {
    if (!GoesFromCallToCall(slot)) return false;
    const int64_t usual = UsualUs(slot);
    if (usual == 0 || usual > guc::spin_limit_us || !HasSpareProcessor()) return false;
    return left_to_skip == 0 || --left_to_skip == 0;
}

void NoteLostProcessor() {
    skip_after_loss = Min(skip_after_loss * 2 + 1, kMostSkipped);
    left_to_skip = skip_after_loss;
}

enum class Round { kDone, kLostProcessor, kGoOn };

Round SpinOnce(const shm::Slot &slot, uint32_t generation, int64_t &now_us) {
    for (int i = 0; i < kLooksPerRound; ++i) {
        if (slot.Is(generation, SlotState::kDone)) return Round::kDone;
        SPIN_DELAY();
    }
    const int64_t before_us = now_us;
    now_us = MonotonicUs();
    return now_us - before_us < kLostProcessorUs ? Round::kGoOn : Round::kLostProcessor;
}

}  // namespace

void SpinForAnswer(shm::Region &region, const shm::Slot &slot, uint32_t generation) {
    if (slot.Is(generation, SlotState::kDone) || !MayPay(slot)) return;
    int64_t now_us = MonotonicUs();
    const int64_t end_us = now_us + guc::spin_limit_us;
    ResetLatch(MyLatch);
    CHECK_FOR_INTERRUPTS();  // the latch may have been set for one
    while (now_us < end_us && IsAlone(region)) {
        switch (SpinOnce(slot, generation, now_us)) {
            case Round::kDone:
                skip_after_loss /= 2;
                region.stats().awake_answers.fetch_add(1, std::memory_order_relaxed);  // a statistic
                return;
            case Round::kLostProcessor:
                return NoteLostProcessor();
            case Round::kGoOn:
                break;
        }
        if (MyLatch->is_set) return;
        CHECK_FOR_INTERRUPTS();
    }
}

void NoteAnswerTime(const shm::Slot &slot) {
    int64_t &usual = UsualUs(slot);
    last_answer_us = MonotonicUs();
    const int64_t took = Max(last_answer_us - slot.sent_at_us, 1);
    // One slow answer shall not count for many.
    const int64_t sample = Min(took, int64_t{2} * Max(usual, guc::spin_limit_us));
    usual = usual == 0 ? sample : usual + (sample - usual) / kWeight;
}

}  // namespace kalam::backend
