// A region in memory of this process, or shared with children, for the tests of src/shm.
#pragma once

#include <sys/mman.h>

#include <cstdlib>
#include <new>

#include "shm/region.h"

namespace kalam::test {

inline constexpr shm::RegionSizes kSmallSizes = {
    .backends = 4, .slots_per_backend = 2, .request_pages = 16, .answer_pages = 8, .queue_length = 16};

// On the heap and of exactly the size it asks for, so that AddressSanitizer sees what lies beyond.
class HeapRegion {
 public:
    explicit HeapRegion(const shm::RegionSizes &sizes = kSmallSizes)
        : memory_(std::aligned_alloc(64, shm::Region::Size(sizes))),
          region_(shm::Region::Create(memory_, sizes)) {}
    ~HeapRegion() { std::free(memory_); }
    HeapRegion(const HeapRegion &) = delete;

    shm::Region *operator->() { return region_; }
    shm::Region &operator*() { return *region_; }

 private:
    void *memory_;
    shm::Region *region_;
};

// What a child of fork() sees too.
class SharedRegion {
 public:
    explicit SharedRegion(const shm::RegionSizes &sizes = kSmallSizes) : size_(shm::Region::Size(sizes)) {
        memory_ = mmap(nullptr, size_, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        if (memory_ == MAP_FAILED) throw std::bad_alloc();
        region_ = shm::Region::Create(memory_, sizes);
    }
    ~SharedRegion() { munmap(memory_, size_); }
    SharedRegion(const SharedRegion &) = delete;

    shm::Region *operator->() { return region_; }
    shm::Region &operator*() { return *region_; }

 private:
    size_t size_;
    void *memory_;
    shm::Region *region_;
};

}  // namespace kalam::test
