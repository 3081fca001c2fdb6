// Races between threads: several producers and one consumer on a lane, conservation of pages, giving up beside
// finishing, waiting beside giving back, and all of it together. A lost wake-up would hang: the alarm ends it.
#include <unistd.h>

#include <atomic>
#include <barrier>
#include <functional>
#include <thread>

#include "../check.h"
#include "fixture.h"
#include "latch.h"
#include "traffic.h"

using namespace kalam::shm;
using kalam::test::HeapRegion;
using kalam::test::Latches;
using kalam::test::ThreadLatch;

namespace {

constexpr int kThreads = 4;

// Runs body(0..count-1) in threads; checks in them count as checks of the test.
void InThreads(int count, const std::function<void(int)> &body) {
    alarm(120);
    std::atomic<bool> failed{false};
    std::vector<std::thread> threads;
    for (int i = 0; i < count; ++i)
        threads.emplace_back([&, i] {
            try {
                body(i);
            } catch (const kalam::test::CheckFailed &) {
                failed = true;
                std::fflush(stdout);
            }
        });
    for (std::thread &thread : threads) thread.join();
    alarm(0);
    CHECK(!failed);
}

}  // namespace

TEST(a_lane_keeps_each_producers_order_and_loses_nothing) {
    constexpr uint32_t kEach = 20'000;
    HeapRegion region;
    Lane &lane = region->requests();
    std::array<ThreadLatch, kThreads + 1> latches;
    const auto producer = [&](int me) {
        for (uint32_t n = 0; n < kEach;) {
            if (lane.Push({.kind = SignalKind::kRequest, .slot = {static_cast<uint32_t>(me), n}})) {
                ++n;
                latches[kThreads].Set();
                continue;
            }
            region->header().waiting_for_room.Announce(me);
            if (lane.depth() >= lane.limit()) latches[static_cast<size_t>(me)].WaitAndReset();
        }
    };
    const auto consumer = [&] {
        std::array<uint32_t, kThreads> next{};
        for (uint32_t got = 0; got < kThreads * kEach;) {
            Signal signal;
            if (!lane.Pop(signal)) {
                latches[kThreads].WaitAndReset();
                continue;
            }
            CHECK_EQ(signal.slot.generation, next[signal.slot.index]);
            ++next[signal.slot.index];
            ++got;
            region->header().waiting_for_room.TakeAll(
                [&](int32_t procno) { latches[static_cast<size_t>(procno)].Set(); });
        }
        CHECK_EQ(lane.depth(), 0u);
    };
    InThreads(kThreads + 1, [&](int i) { i < kThreads ? producer(i) : consumer(); });
}

TEST(no_page_is_lost_or_given_out_twice) {
    HeapRegion region;
    PagePool &pool = region->request_pages();
    std::array<std::atomic<int>, kalam::test::kSmallSizes.request_pages> owner{};
    InThreads(kThreads, [&](int me) {
        kalam::test::Random random(static_cast<uint64_t>(me));
        for (int round = 0; round < 20'000; ++round) {
            const uint32_t wanted = 1 + random.Below(6);
            if (!pool.Reserve(wanted)) continue;
            const uint32_t used = random.Below(wanted + 1);
            std::array<uint32_t, 6> pages{};
            for (uint32_t i = 0; i < used; ++i) {
                pages[i] = pool.Pop();
                CHECK_EQ(owner[pages[i]].exchange(me + 1), 0);
                pool.At(pages[i]).data[0] = static_cast<char>(me);  // a race of two owners shows here
            }
            pool.Unreserve(wanted - used);
            for (uint32_t i = 0; i < used; ++i) {
                CHECK_EQ(pool.At(pages[i]).data[0], static_cast<char>(me));
                CHECK_EQ(owner[pages[i]].exchange(0), me + 1);
                pool.Free(pages[i]);
            }
        }
    });
    CHECK_EQ(pool.available(), pool.total());
    CHECK(pool.Reserve(pool.total()));
    std::array<bool, kalam::test::kSmallSizes.request_pages> seen{};
    for (uint32_t i = 0; i < pool.total(); ++i) {
        bool &page = seen[pool.Pop()];
        CHECK(!page);
        page = true;
    }
}

// The owner gives up while the worker finishes: one of them is first, the other is refused, and what the
// worker wrote before DONE is there when DONE is seen.
TEST(giving_up_beside_finishing) {
    constexpr int kRounds = 5'000;
    HeapRegion region;
    Slot &slot = region->slot(0);
    std::barrier meet(2);
    std::atomic<uint32_t> generation{0};
    int finished = 0, given_up = 0;
    InThreads(2, [&](int i) {
        for (int round = 0; round < kRounds; ++round) {
            if (i == 0) {
                generation = slot.Claim();
                CHECK(generation != 0u);
                CHECK(slot.Step(generation, SlotState::kClaimed, SlotState::kSent));
            }
            meet.arrive_and_wait();
            if (i == 0) {
                if (slot.Step(generation, SlotState::kSent, SlotState::kAbandoned) ||
                    slot.Step(generation, SlotState::kRunning, SlotState::kAbandoned)) {
                    ++given_up;
                } else {
                    CHECK(slot.Is(generation, SlotState::kDone));
                    CHECK_EQ(slot.answer_bytes, static_cast<uint64_t>(round));
                    CHECK(slot.Step(generation, SlotState::kDone, SlotState::kFree));
                    ++finished;
                }
            } else {
                slot.Step(generation, SlotState::kSent, SlotState::kRunning);
                slot.answer_bytes = static_cast<uint64_t>(round);
                if (!slot.Step(generation, SlotState::kRunning, SlotState::kDone))
                    CHECK(slot.Step(generation, SlotState::kAbandoned, SlotState::kFree));
            }
            meet.arrive_and_wait();
        }
    });
    CHECK_EQ(finished + given_up, kRounds);
}

// Everybody wants the only page: each Free must wake somebody who waits.
TEST(waiting_beside_giving_back) {
    HeapRegion region({.backends = kThreads,
                       .slots_per_backend = 1,
                       .request_pages = 1,
                       .answer_pages = 1,
                       .queue_length = 16});
    PagePool &pool = region->request_pages();
    WaiterSet &waiters = region->header().waiting_for_room;
    std::array<ThreadLatch, kThreads> latches;
    InThreads(kThreads, [&](int me) {
        for (int round = 0; round < 5'000; ++round) {
            while (!pool.Reserve(1)) {
                waiters.Announce(me);
                if (pool.Reserve(1)) break;
                latches[static_cast<size_t>(me)].WaitAndReset();
            }
            pool.Free(pool.Pop());
            waiters.TakeAll([&](int32_t procno) { latches[static_cast<size_t>(procno)].Set(); });
        }
    });
    CHECK_EQ(pool.available(), 1u);
}

TEST(backends_and_a_worker) {
    constexpr int kEach = 2'000;
    const uint32_t backends = kalam::test::kSmallSizes.backends;
    HeapRegion region;
    Latches<ThreadLatch> latches(backends);
    std::atomic<int> answered{0}, abandoned{0}, wrong{0};
    int worker_answered = 0;
    InThreads(static_cast<int>(backends) + 1, [&](int i) {
        if (i == static_cast<int>(backends)) {
            kalam::test::Worker<ThreadLatch> worker(*region, latches);
            worker.Run(static_cast<int>(backends) * kEach);
            worker_answered = worker.answered;
            CHECK_EQ(worker.answered + worker.retired, worker.taken);
            return;
        }
        kalam::test::Backend<ThreadLatch> backend(*region, latches, i);
        backend.Run(kEach);
        answered += backend.answered;
        abandoned += backend.abandoned;
        wrong += backend.wrong;
    });
    CHECK_EQ(wrong.load(), 0);
    CHECK_EQ(answered + abandoned, static_cast<int>(backends) * kEach);
    CHECK_EQ(answered.load(), worker_answered);
    CHECK(abandoned > 0);
    kalam::test::CheckNothingLeft(*region);
}
