// Puts a run's answer into its slot: inline if it is small, otherwise through pages, as many at once as the
// slot's window and the pool have room for; the rest follows when the backend has read some (PumpAnswers).
// Called with the engine's lock held, which makes the worker one producer.
#include "worker/rpc/engine.h"
#include "worker/rpc/request_run.h"

namespace kalam::worker::rpc {

using shm::SlotState;

bool RequestRun::Answer(const Failure &failure) {
    answer_.status = failure.status;
    if (!failure.Ok()) {
        answer_body_.Clear();
        answer_body_.AppendCopy(failure.text);
    }
    if (abandoned_ || head_.detached) {
        Release();
        return false;
    }
    // A failure that comes when pages have gone out already has no text: the worker stops.
    const bool pages_were_used = phase_ == Phase::kAnswering;
    if (pages_were_used) answer_body_.Clear();
    slot_->answer_bytes = answer_body_.size();
    slot_->answer_inline_bytes = 0;
    if (answer_body_.size() <= shm::kInlineBytes) {
        WriteInline();
        return CompleteSlot();
    }
    phase_ = Phase::kAnswering;
    // Before a need for pages is announced: a backend that hears of it wakes the main thread, which looks here.
    engine_.has_stalled.store(true, std::memory_order_relaxed);
    if (WritePages()) return CompleteSlot();
    engine_.stats().answer_stalls.fetch_add(1, std::memory_order_relaxed);
    engine_.stalled.push_back(this);
    engine_.WakeBackend(slot_->owner_procno);  // to take the first pages in
    return true;
}

void RequestRun::WriteInline() {
    slot_->answer_inline_bytes =
        static_cast<uint32_t>(answer_body_.Read(slot_->inline_bytes, sizeof slot_->inline_bytes));
}

bool RequestRun::ContinueAnswer() {
    const uint64_t before = answer_body_.left();
    const bool complete = WritePages();
    if (complete) {
        CompleteSlot();
    } else if (answer_body_.left() != before) {
        engine_.WakeBackend(slot_->owner_procno);
    }
    return complete;
}

// Writes pages until all is written, or there is no room. Then it has announced that it waits.
bool RequestRun::WritePages() {
    while (answer_body_.left() > 0) {
        if (WritePage()) continue;
        engine_.region->header().answers_need_pages.Announce();
        if (!WritePage()) return false;
    }
    return true;
}

bool RequestRun::WritePage() {
    shm::PagePool &pool = engine_.region->answer_pages();
    if (slot_->answer_pages.write_available() == 0 || !pool.Reserve(1)) return false;
    const uint32_t id = pool.Pop();
    shm::Page &page = pool.At(id);
    page.used = static_cast<uint32_t>(answer_body_.Read(page.data, shm::kPageDataBytes));
    slot_->answer_pages.push(id);
    return true;
}

// As soon as the slot has left RUNNING its owner may use it again, and the main thread load the next request
// into this run. So the run is reset before, and not touched after.
bool RequestRun::CompleteSlot() {
    shm::Slot &slot = *slot_;
    const uint32_t generation = generation_;
    slot.answer_head = answer_;
    Reset();
    if (slot.Step(generation, SlotState::kRunning, SlotState::kDone)) {
        engine_.WakeForDone(slot, generation);
        return true;
    }
    slot.DropAnswer(engine_.region->answer_pages());
    slot.Step(generation, SlotState::kAbandoned, SlotState::kFree);
    return false;
}

// Nobody reads the answer: a detached request, or an owner that gave up.
void RequestRun::Release() {
    shm::Slot &slot = *slot_;
    const uint32_t generation = generation_;
    const bool detached = head_.detached;
    Reset();
    if (detached && slot.Step(generation, SlotState::kRunning, SlotState::kFree)) return;
    slot.DropAnswer(engine_.region->answer_pages());
    slot.Step(generation, SlotState::kAbandoned, SlotState::kFree);
}

}  // namespace kalam::worker::rpc
