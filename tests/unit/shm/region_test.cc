// The region (shm/region.h): layout, lanes, and that nothing in it locks or points.
#include "shm/region.h"

#include <cstring>

#include "../check.h"
#include "fixture.h"

using namespace kalam::shm;
using kalam::test::HeapRegion;
using kalam::test::kSmallSizes;

namespace {

struct Span {
    const char *begin, *end;
};

template <typename T>
Span SpanOf(T &object, size_t size = sizeof(T)) {
    const char *begin = reinterpret_cast<const char *>(&object);
    return {begin, begin + size};
}

Signal Request(uint32_t n) {
    return {.kind = SignalKind::kRequest, .slot = {.index = n, .generation = n + 1}};
}

}  // namespace

TEST(parts_do_not_overlap_and_fill_the_size) {
    HeapRegion region;
    const Span whole = SpanOf(*region, Region::Size(kSmallSizes));
    const Span parts[] = {
        SpanOf(*region),
        SpanOf(region->slot(0), kSmallSizes.backends * kSmallSizes.slots_per_backend * sizeof(Slot)),
        SpanOf(region->request_pages(), PagePool::Size(kSmallSizes.request_pages)),
        SpanOf(region->answer_pages(), PagePool::Size(kSmallSizes.answer_pages)),
        SpanOf(region->sessions(), SessionTable::Size(region->sessions().size())),
    };
    const char *at = whole.begin;
    for (const Span &part : parts) {
        CHECK(part.begin >= at && part.begin < at + 64);
        CHECK_EQ(reinterpret_cast<uintptr_t>(part.begin) % 64, 0u);
        at = part.end;
    }
    CHECK(at <= whole.end && whole.end < at + 64);
}

TEST(slots_belong_to_backends) {
    HeapRegion region;
    CHECK_EQ(region->slot_count(), 8u);
    for (int32_t procno = 0; procno < 4; ++procno)
        for (uint32_t k = 0; k < 2; ++k) {
            Slot &slot = region->slot_of(procno, k);
            CHECK_EQ(slot.owner_procno, procno);
            CHECK_EQ(&slot, &region->slot(slot.index));
            CHECK(slot.Is(0, SlotState::kFree));
        }
}

TEST(a_new_region_has_no_worker) {
    HeapRegion region;
    CHECK(region->header().worker_state.load() == WorkerState::kStopped);
    CHECK_EQ(region->header().worker_procno.load(), -1);
    CHECK_EQ(region->header().worker_pid.load(), 0);
    CHECK_EQ(std::string(NameOf(WorkerState::kReady)), "ready");
}

TEST(a_lane_keeps_order_and_payload) {
    HeapRegion region;
    Lane &lane = region->requests();
    for (uint32_t i = 0; i < 10; ++i) CHECK(lane.Push(Request(i)));
    CHECK(lane.Push({.kind = SignalKind::kBackendExit, .slot = {.index = 3, .generation = 4711}}));
    CHECK_EQ(lane.depth(), 11u);
    Signal signal;
    for (uint32_t i = 0; i < 10; ++i) {
        CHECK(lane.Pop(signal));
        CHECK(signal.kind == SignalKind::kRequest);
        CHECK_EQ(signal.slot.index, i);
        CHECK_EQ(signal.slot.generation, i + 1);
    }
    CHECK(lane.Pop(signal));
    CHECK(signal.kind == SignalKind::kBackendExit);
    CHECK_EQ(signal.slot.generation, 4711u);
    CHECK(!lane.Pop(signal));
    CHECK_EQ(lane.depth(), 0u);
}

TEST(a_full_lane_refuses_until_something_is_taken) {
    HeapRegion region;
    Lane &lane = region->requests();
    for (uint32_t round = 0; round < 5; ++round) {
        for (uint32_t i = 0; i < kSmallSizes.queue_length; ++i) CHECK(lane.Push(Request(i)));
        CHECK(!lane.Push(Request(99)));
        Signal signal;
        CHECK(lane.Pop(signal));
        CHECK(lane.Push(Request(100)));
        CHECK(!lane.Push(Request(101)));
        while (lane.Pop(signal)) {
        }
        CHECK_EQ(signal.slot.index, 100u);
    }
}

TEST(requests_cannot_fill_the_control_lane) {
    HeapRegion region;
    while (region->requests().Push(Request(1))) {
    }
    CHECK(region->control().Push({.kind = SignalKind::kCancel, .slot = {}}));
}

TEST(a_lane_holds_its_whole_capacity) {
    HeapRegion region;
    Lane &lane = region->control();
    for (uint32_t i = 0; i < kLaneCapacity; ++i) CHECK(lane.Push(Request(i)));
    CHECK(!lane.Push(Request(0)));
    Signal signal;
    for (uint32_t i = 0; i < kLaneCapacity; ++i) {
        CHECK(lane.Pop(signal));
        CHECK_EQ(signal.slot.index, i);
    }
}

TEST(containers_are_lock_free) {
    boost::lockfree::queue<Signal, boost::lockfree::capacity<kLaneCapacity>> queue;
    boost::lockfree::stack<uint32_t, boost::lockfree::capacity<kMaxPages>> stack;
    CHECK(queue.is_lock_free());
    CHECK(stack.is_lock_free());
    HeapRegion region;
    CHECK(region->slot(0).answer_pages.is_lock_free());
    CHECK(region->slot(0).word.is_lock_free());
    CHECK(region->header().last_snowflake.is_lock_free());
}

// No pointers: a region copied byte by byte to another address works there, with what was in it.
TEST(a_region_may_lie_anywhere) {
    HeapRegion region;
    CHECK(region->requests().Push(Request(5)));
    CHECK(region->request_pages().Reserve(2));
    const uint32_t chain = region->request_pages().WriteChain(std::string(kPageDataBytes + 10, 'q'));
    CHECK(region->slot(1).answer_pages.push(6));

    const size_t size = Region::Size(kSmallSizes);
    void *elsewhere = std::aligned_alloc(64, size);
    std::memcpy(elsewhere, static_cast<void *>(&*region), size);
    std::memset(static_cast<void *>(&*region), 0xee, size);
    Region *moved = Region::Attach(elsewhere);

    Signal signal;
    CHECK(moved->requests().Pop(signal));
    CHECK_EQ(signal.slot.index, 5u);
    CHECK(moved->requests().Push(Request(6)));
    CHECK_EQ(moved->request_pages().At(chain).used, kPageDataBytes);
    moved->request_pages().FreeChain(chain);
    CHECK_EQ(moved->request_pages().available(), kSmallSizes.request_pages);
    uint32_t page = 0;
    CHECK(moved->slot(1).answer_pages.pop(page));
    CHECK_EQ(page, 6u);
    std::free(elsewhere);
}
