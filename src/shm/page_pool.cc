// The page pool (page_pool.h). Lock-free; any process may be at any line of it at any time.
#include "shm/page_pool.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <new>

namespace kalam::shm {

size_t PagePool::Size(uint32_t pages) {
    static_assert(sizeof(PagePool) % alignof(Page) == 0);
    return sizeof(PagePool) + size_t{pages} * sizeof(Page);
}

PagePool *PagePool::Create(void *memory, uint32_t pages) {
    return new (memory) PagePool(pages);
}

PagePool::PagePool(uint32_t pages) : available_(0), total_(pages) {
    // Highest first, so that the pool is used from its low end: pages never needed are never touched.
    for (uint32_t id = pages; id-- > 0;) Free(id);
}

bool PagePool::Reserve(uint32_t count) {
    uint32_t have = available_.load(std::memory_order_relaxed);  // the CAS below decides
    do {
        if (have < count) return false;
        // Acquire pairs with the release in Free: whoever reserved a page sees its push in the free list.
    } while (!available_.compare_exchange_weak(have, have - count, std::memory_order_acq_rel,
                                               std::memory_order_relaxed));
    return true;
}

void PagePool::Unreserve(uint32_t count) {
    available_.fetch_add(count, std::memory_order_acq_rel);  // passes on what Reserve has acquired
}

uint32_t PagePool::Pop() {
    uint32_t id;
    // The list holds at least as many pages as are reserved and not yet popped (Free pushes before it
    // counts), so an empty list means that somebody popped without a reservation.
    if (!free_list_.pop(id)) std::abort();
    At(id).next = kNoPage;
    At(id).used = 0;
    return id;
}

void PagePool::Free(uint32_t page) {
    // The list has room for every page there is, so a push that fails means that a page was freed twice.
    if (!free_list_.bounded_push(page)) std::abort();
    available_.fetch_add(1, std::memory_order_acq_rel);  // release pairs with the acquire in Reserve
}

void PagePool::FreeChain(uint32_t first) {
    while (first != kNoPage) {
        const uint32_t next = At(first).next;  // read before the page is somebody else's
        Free(first);
        first = next;
    }
}

uint32_t PagePool::WriteChain(std::string_view body) {
    uint32_t first = kNoPage;
    uint32_t *link = &first;
    while (!body.empty()) {
        const uint32_t id = Pop();
        Page &page = At(id);
        page.used = static_cast<uint32_t>(std::min<size_t>(body.size(), kPageDataBytes));
        std::memcpy(page.data, body.data(), page.used);
        body.remove_prefix(page.used);
        *link = id;
        link = &page.next;
    }
    return first;
}

}  // namespace kalam::shm
