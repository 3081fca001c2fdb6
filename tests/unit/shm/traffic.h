// Backends and a worker in miniature, on a real region: what the two-process design does without PostgreSQL
// and without a network. Used by stress_test.cc (threads) and two_process_test.cc (fork).
//
// A request is a number and as many bytes as it says, in inline_bytes or a chain of pages; the answer is the
// same bytes with each one changed, in as few pages as they need, handed over one by one. Some requests are
// abandoned at a random moment. At the end every slot must be free, every page in its pool, every lane empty.
#pragma once

#include <array>
#include <cstring>
#include <string>
#include <vector>

#include "../check.h"
#include "shm/region.h"

namespace kalam::test {

// A small generator of its own for each actor: the same numbers in every run.
class Random {
 public:
    explicit Random(uint64_t seed) : state_(seed * 2654435761u + 88172645463325252u) {}
    uint32_t Below(uint32_t limit) {
        state_ ^= state_ << 13;
        state_ ^= state_ >> 7;
        state_ ^= state_ << 17;
        return static_cast<uint32_t>(state_ >> 32) % limit;
    }

 private:
    uint64_t state_;
};

struct StringSink {
    std::string out;
    void Append(const void *data, size_t size) { out.append(static_cast<const char *>(data), size); }
};

inline std::string RequestBody(uint32_t seed, size_t size) {
    std::string body(size, 0);
    for (size_t i = 0; i < size; ++i) body[i] = static_cast<char>(seed + i * 7);
    return body;
}

inline std::string AnswerTo(std::string body) {
    for (char &c : body) c = static_cast<char>(c ^ 0x5a);
    return body;
}

// The latches of all actors; the worker's is the last.
template <typename Latch>
struct Latches {
    explicit Latches(uint32_t backends) : of(backends + 1) {}
    std::vector<Latch> of;
    Latch &worker() { return of.back(); }
};

// One backend: sends `count` requests, one at a time, and checks their answers.
template <typename Latch>
class Backend {
 public:
    Backend(shm::Region &region, Latches<Latch> &latches, int32_t procno)
        : region_(region), latches_(latches), procno_(procno), random_(static_cast<uint64_t>(procno) + 1) {}

    void Run(int count) {
        for (int i = 0; i < count; ++i) {
            slot_ = &region_.slot_of(procno_, random_.Below(region_.header().sizes.slots_per_backend));
            One();
        }
    }

    int answered = 0, abandoned = 0, wrong = 0;

 private:
    void One() {
        // An abandoned slot becomes free when the worker says so, with a latch set.
        while ((generation_ = slot_->Claim()) == 0) Wait();
        const std::string body = RequestBody(random_.Below(256), BodySize());
        WriteRequest(body);
        // The worker takes signals for slots that are SENT, so the step comes before the push.
        CHECK(slot_->Step(generation_, shm::SlotState::kClaimed, shm::SlotState::kSent));
        Push(region_.requests(), shm::SignalKind::kRequest);
        if (random_.Below(4) == 0 && Abandon()) return;
        ReadAnswer(body);
    }

    uint32_t BodySize() {
        const uint32_t limit = random_.Below(3) == 0 ? 5 * shm::kPageDataBytes : 200;
        return random_.Below(limit);
    }

    void WriteRequest(const std::string &body) {
        slot_->request_bytes = static_cast<uint32_t>(body.size());
        slot_->request_first_page = shm::kNoPage;
        if (body.size() <= shm::kInlineBytes) {
            std::memcpy(slot_->inline_bytes, body.data(), body.size());
            return;
        }
        shm::PagePool &pool = region_.request_pages();
        const uint32_t pages = shm::PagePool::PagesFor(body.size());
        WaitFor([&] { return pool.Reserve(pages); });
        slot_->request_first_page = pool.WriteChain(body);
    }

    void Push(shm::Lane &lane, shm::SignalKind kind) {
        WaitFor([&] { return lane.Push({.kind = kind, .slot = {slot_->index, generation_}}); });
        latches_.worker().Set();
    }

    bool Abandon() {
        using enum shm::SlotState;
        if (!slot_->Step(generation_, kSent, kAbandoned) && !slot_->Step(generation_, kRunning, kAbandoned))
            return false;  // the answer was first
        ++abandoned;
        Push(region_.control(), shm::SignalKind::kCancel);
        return true;
    }

    // Takes pages while the worker still adds some, as a backend does with an answer larger than the window.
    void ReadAnswer(const std::string &body) {
        StringSink sink;
        shm::PagePool &pool = region_.answer_pages();
        for (;;) {
            const bool done = slot_->Is(generation_, shm::SlotState::kDone);  // before the last look
            uint32_t page;
            while (slot_->answer_pages.pop(page)) {
                sink.Append(pool.At(page).data, pool.At(page).used);
                pool.Free(page);
                if (region_.header().answers_need_pages.Take()) latches_.worker().Set();
            }
            if (done) break;
            Wait();
        }
        sink.Append(slot_->inline_bytes, slot_->answer_inline_bytes);
        wrong += sink.out != AnswerTo(body) || slot_->answer_bytes != body.size();
        ++answered;
        CHECK(slot_->Step(generation_, shm::SlotState::kDone, shm::SlotState::kFree));
    }

    template <typename Try>
    void WaitFor(Try attempt) {
        while (!attempt()) {
            region_.header().waiting_for_room.Announce(procno_);
            if (attempt()) return;
            Wait();
        }
    }

    void Wait() { latches_.of[static_cast<size_t>(procno_)].WaitAndReset(); }

    shm::Region &region_;
    Latches<Latch> &latches_;
    int32_t procno_;
    Random random_;
    shm::Slot *slot_ = nullptr;
    uint32_t generation_ = 0;
};

// The worker: answers requests until `expected` have come. An answer that finds no page waits in its place,
// so this worker answers one request at a time.
template <typename Latch>
class Worker {
 public:
    Worker(shm::Region &region, Latches<Latch> &latches) : region_(region), latches_(latches) {}

    void Run(int expected) {
        shm::Signal signal;
        while (taken < expected) {
            if (!TakeOne(signal)) latches_.worker().WaitAndReset();
        }
    }

    int taken = 0, answered = 0, retired = 0;

 private:
    bool TakeOne(shm::Signal &signal) {
        const bool cancel = region_.control().Pop(signal);
        if (!cancel && !region_.requests().Pop(signal)) return false;
        WakeWaiters();
        if (cancel) return true;  // the slot is retired when its request comes up
        ++taken;
        Serve(region_.slot(signal.slot.index), signal.slot.generation);
        return true;
    }

    void Serve(shm::Slot &slot, uint32_t generation) {
        using enum shm::SlotState;
        const bool running = slot.Step(generation, kSent, kRunning);
        const std::string answer = AnswerTo(TakeRequest(slot));
        if (running && Answer(slot, generation, answer)) {
            ++answered;
        } else {
            Retire(slot, generation);
        }
        latches_.of[static_cast<size_t>(slot.owner_procno)].Set();
    }

    std::string TakeRequest(shm::Slot &slot) {
        if (slot.request_first_page == shm::kNoPage) return {slot.inline_bytes, slot.request_bytes};
        StringSink sink;
        region_.request_pages().ReadChain(slot.request_first_page, sink);
        region_.request_pages().FreeChain(slot.request_first_page);
        WakeWaiters();
        return sink.out;
    }

    // False when the request was abandoned meanwhile.
    bool Answer(shm::Slot &slot, uint32_t generation, std::string_view answer) {
        slot.answer_bytes = answer.size();
        slot.answer_inline_bytes = 0;
        if (answer.size() <= shm::kInlineBytes) {
            std::memcpy(slot.inline_bytes, answer.data(), answer.size());
            slot.answer_inline_bytes = static_cast<uint32_t>(answer.size());
        } else if (!HandOver(slot, generation, answer)) {
            return false;
        }
        return slot.Step(generation, shm::SlotState::kRunning, shm::SlotState::kDone);
    }

    bool HandOver(shm::Slot &slot, uint32_t generation, std::string_view answer) {
        shm::PagePool &pool = region_.answer_pages();
        while (!answer.empty()) {
            while (!pool.Reserve(1)) {
                if (!slot.Is(generation, shm::SlotState::kRunning)) return false;
                region_.header().answers_need_pages.Announce();
                if (pool.Reserve(1)) break;
                latches_.worker().WaitAndReset();
            }
            const uint32_t page = pool.WriteChain(answer.substr(0, shm::kPageDataBytes));
            answer.remove_prefix(pool.At(page).used);
            CHECK(slot.answer_pages.push(page));
            latches_.of[static_cast<size_t>(slot.owner_procno)].Set();
        }
        return true;
    }

    void Retire(shm::Slot &slot, uint32_t generation) {
        slot.DropAnswer(region_.answer_pages());
        CHECK(slot.Step(generation, shm::SlotState::kAbandoned, shm::SlotState::kFree));
        ++retired;
    }

    void WakeWaiters() {
        region_.header().waiting_for_room.TakeAll(
            [&](int32_t procno) { latches_.of[static_cast<size_t>(procno)].Set(); });
    }

    shm::Region &region_;
    Latches<Latch> &latches_;
};

// After all actors have ended.
inline void CheckNothingLeft(shm::Region &region) {
    shm::Signal late_cancel;
    while (region.control().Pop(late_cancel)) CHECK(late_cancel.kind == shm::SignalKind::kCancel);
    for (uint32_t i = 0; i < region.slot_count(); ++i) {
        CHECK(region.slot(i).State() == shm::SlotState::kFree);
        CHECK_EQ(region.slot(i).answer_pages.read_available(), 0u);
    }
    CHECK_EQ(region.request_pages().available(), region.request_pages().total());
    CHECK_EQ(region.answer_pages().available(), region.answer_pages().total());
    CHECK_EQ(region.requests().depth(), 0u);
    CHECK_EQ(region.control().depth(), 0u);
}

}  // namespace kalam::test
