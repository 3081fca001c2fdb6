// The layout of the shared region, and the lanes (region.h).
#include "shm/region.h"

#include <cstdlib>
#include <new>

namespace kalam::shm {

namespace {

constexpr const char *kWorkerStateNames[] = {"stopped", "starting", "ready", "stopping"};

// Where the parts behind the Region object lie.
struct Layout {
    size_t slots, request_pages, answer_pages, sessions, end;
};

constexpr size_t Aligned(size_t size) {
    return (size + 63) & ~size_t{63};
}

uint32_t SlotCount(const RegionSizes &sizes) {
    return sizes.backends * sizes.slots_per_backend;
}

// A session of its own for each backend, and the carriers.
uint32_t SessionCount(const RegionSizes &sizes) {
    return sizes.backends + 2 * kMaxEndpoints;
}

Layout LayoutOf(const RegionSizes &sizes) {
    Layout layout;
    layout.slots = Aligned(sizeof(Region));
    layout.request_pages = Aligned(layout.slots + size_t{SlotCount(sizes)} * sizeof(Slot));
    layout.answer_pages = Aligned(layout.request_pages + PagePool::Size(sizes.request_pages));
    layout.sessions = Aligned(layout.answer_pages + PagePool::Size(sizes.answer_pages));
    layout.end = Aligned(layout.sessions + SessionTable::Size(SessionCount(sizes)));
    return layout;
}

bool InRange(const RegionSizes &sizes) {
    return sizes.backends >= 1 && sizes.backends <= kMaxBackends && sizes.slots_per_backend >= 1 &&
           SlotCount(sizes) <= kMaxSlots && sizes.request_pages >= 1 && sizes.request_pages <= kMaxPages &&
           sizes.answer_pages >= 1 && sizes.answer_pages <= kMaxPages && sizes.queue_length >= 1 &&
           sizes.queue_length <= kLaneCapacity;
}

void CreateSlots(Region &region, const RegionSizes &sizes) {
    for (uint32_t i = 0; i < SlotCount(sizes); ++i) {
        Slot *slot = new (&region.slot(i)) Slot;
        slot->index = i;
        slot->owner_procno = static_cast<int32_t>(i / sizes.slots_per_backend);
    }
}

}  // namespace

size_t Region::Size(const RegionSizes &sizes) {
    return LayoutOf(sizes).end;
}

Region *Region::Create(void *memory, const RegionSizes &sizes) {
    if (!InRange(sizes)) std::abort();
    const Layout layout = LayoutOf(sizes);
    Region *region = new (memory) Region;
    region->header_.sizes = sizes;
    region->requests_.set_limit(sizes.queue_length);
    region->slots_offset_ = layout.slots;
    region->request_pages_offset_ = layout.request_pages;
    region->answer_pages_offset_ = layout.answer_pages;
    region->sessions_offset_ = layout.sessions;
    CreateSlots(*region, sizes);
    PagePool::Create(&region->request_pages(), sizes.request_pages);
    PagePool::Create(&region->answer_pages(), sizes.answer_pages);
    SessionTable::Create(&region->sessions(), SessionCount(sizes));
    return region;
}

bool Lane::Push(Signal signal) {
    uint32_t depth = depth_.load(std::memory_order_relaxed);  // the CAS below decides
    do {
        if (depth >= limit_) return false;
        // Acquire pairs with the release in Pop: the node that Pop has given back is seen.
    } while (!depth_.compare_exchange_weak(depth, depth + 1, std::memory_order_acq_rel,
                                           std::memory_order_relaxed));
    if (!queue_.bounded_push(signal)) std::abort();  // counted, so there is room
    return true;
}

bool Lane::Pop(Signal &signal) {
    if (!queue_.pop(signal)) return false;
    depth_.fetch_sub(1, std::memory_order_acq_rel);  // release pairs with the acquire in Push
    return true;
}

const char *NameOf(WorkerState state) {
    return kWorkerStateNames[static_cast<uint32_t>(state)];
}

}  // namespace kalam::shm
