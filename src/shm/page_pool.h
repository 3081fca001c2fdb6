// A pool of fixed pages in shared memory, for bodies that do not fit a slot. There are two: one for requests,
// one for answers, so that neither direction can starve the other.
//
//   free_list   Boost.Lockfree stack of page ids; any process pushes and pops
//   available   pages that nobody has reserved; changed by any process. Reserving first makes the pops that
//               follow certain, so two large requests can never each hold half of what both need
//   page.next   written by who holds the page, before it hands the page over (the slot's step orders it)
//   total       constant after Create
//
// Called by backend/client and worker/rpc. Never blocks: who finds too few pages announces that it waits
// (shm/waiters.h), tries once more, waits on its own latch and tries again.
#pragma once

#include <atomic>
#include <cstdint>
#include <string_view>

#include "shm/lockfree.h"
#include "shm/slot.h"

namespace kalam::shm {

inline constexpr uint32_t kPageBytes = 16 * 1024;
inline constexpr uint32_t kMaxPages = 16384;  // 256 MiB a pool

struct alignas(64) Page {
    uint32_t next;  // kNoPage at the end of a chain
    uint32_t used;  // bytes of data, 0..kPageDataBytes
    char data[kPageBytes - 8];
};
inline constexpr uint32_t kPageDataBytes = sizeof(Page::data);
static_assert(sizeof(Page) == kPageBytes);

class alignas(64) PagePool {
 public:
    // Bytes that a pool of `pages` (1..kMaxPages) takes, the pages included; a multiple of 64.
    static size_t Size(uint32_t pages);
    // Makes a pool at `memory` (64-byte aligned, Size(pages) bytes). Once, before anybody uses it.
    static PagePool *Create(void *memory, uint32_t pages);

    // Takes `count` pages out of `available`, or nothing. Each Reserve is followed by that many Pops, or by
    // Unreserve for those that are not popped.
    bool Reserve(uint32_t count);
    void Unreserve(uint32_t count);
    uint32_t Pop();                  // a reserved page, its next kNoPage, its used 0: always succeeds
    void Free(uint32_t page);        // gives one page back, available at once
    void FreeChain(uint32_t first);  // gives back a chain linked by next; kNoPage: nothing

    // Copies `body` into a chain of PagesFor(body.size()) reserved pages; the first page, kNoPage for an
    // empty body.
    uint32_t WriteChain(std::string_view body);
    // Appends a chain's bytes to anything with Append(const void *, size_t).
    template <typename Sink>
    void ReadChain(uint32_t first, Sink &sink) const {
        for (uint32_t id = first; id != kNoPage; id = At(id).next) sink.Append(At(id).data, At(id).used);
    }

    static constexpr uint32_t PagesFor(uint64_t bytes) {
        return static_cast<uint32_t>((bytes + kPageDataBytes - 1) / kPageDataBytes);
    }
    Page &At(uint32_t id) { return pages()[id]; }
    const Page &At(uint32_t id) const { return const_cast<PagePool *>(this)->pages()[id]; }
    uint32_t total() const { return total_; }
    // For views: any moment's value will do.
    uint32_t available() const { return available_.load(std::memory_order_relaxed); }

 private:
    explicit PagePool(uint32_t pages);

    Page *pages() { return reinterpret_cast<Page *>(this + 1); }  // total_ of them follow the object

    boost::lockfree::stack<uint32_t, boost::lockfree::capacity<kMaxPages>> free_list_;
    std::atomic<uint32_t> available_;
    uint32_t total_;
};

}  // namespace kalam::shm
