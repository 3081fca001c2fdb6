// The page pool (shm/page_pool.h): reservations, exhaustion, chains.
#include "shm/page_pool.h"

#include <algorithm>
#include <set>

#include "../check.h"
#include "fixture.h"

using namespace kalam::shm;

namespace {

struct StringSink {
    std::string out;
    void Append(const void *data, size_t size) { out.append(static_cast<const char *>(data), size); }
};

class Pool {
 public:
    explicit Pool(uint32_t pages)
        : memory_(std::aligned_alloc(64, PagePool::Size(pages))), pool_(PagePool::Create(memory_, pages)) {}
    ~Pool() { std::free(memory_); }
    Pool(const Pool &) = delete;
    PagePool *operator->() { return pool_; }

 private:
    void *memory_;
    PagePool *pool_;
};

std::string Pattern(size_t size) {
    std::string text(size, 0);
    for (size_t i = 0; i < size; ++i) text[i] = static_cast<char>(i * 131 + i / 251);
    return text;
}

}  // namespace

TEST(a_new_pool_is_full) {
    Pool pool(7);
    CHECK_EQ(pool->total(), 7u);
    CHECK_EQ(pool->available(), 7u);
}

TEST(reservation_is_all_or_nothing) {
    Pool pool(4);
    CHECK(!pool->Reserve(5));
    CHECK_EQ(pool->available(), 4u);
    CHECK(pool->Reserve(3));
    CHECK(!pool->Reserve(2));
    CHECK(pool->Reserve(1));
    CHECK(!pool->Reserve(1));
    CHECK(pool->Reserve(0));
    pool->Unreserve(4);
    CHECK_EQ(pool->available(), 4u);
}

TEST(every_page_comes_once_and_empty) {
    Pool pool(64);
    for (int round = 0; round < 3; ++round) {
        std::set<uint32_t> seen;
        CHECK(pool->Reserve(64));
        for (int i = 0; i < 64; ++i) {
            const uint32_t id = pool->Pop();
            CHECK(id < 64);
            CHECK(seen.insert(id).second);
            Page &page = pool->At(id);
            CHECK_EQ(page.next, kNoPage);
            CHECK_EQ(page.used, 0u);
            page.next = 5;  // what the next holder must not see
            page.used = 5;
            std::fill_n(page.data, kPageDataBytes, 'x');
        }
        for (uint32_t id : seen) pool->Free(id);
        CHECK_EQ(pool->available(), 64u);
    }
}

TEST(a_pool_of_the_largest_size_works) {
    Pool pool(kMaxPages);
    CHECK(pool->Reserve(kMaxPages));
    std::set<uint32_t> seen;
    for (uint32_t i = 0; i < kMaxPages; ++i) seen.insert(pool->Pop());
    CHECK_EQ(seen.size(), size_t{kMaxPages});
    for (uint32_t id : seen) pool->Free(id);
    CHECK_EQ(pool->available(), kMaxPages);
}

TEST(pages_are_aligned) {
    Pool pool(3);
    for (uint32_t id = 0; id < 3; ++id) CHECK_EQ(reinterpret_cast<uintptr_t>(&pool->At(id)) % 64, 0u);
}

TEST(pages_for_a_body) {
    CHECK_EQ(PagePool::PagesFor(0), 0u);
    CHECK_EQ(PagePool::PagesFor(1), 1u);
    CHECK_EQ(PagePool::PagesFor(kPageDataBytes), 1u);
    CHECK_EQ(PagePool::PagesFor(kPageDataBytes + 1), 2u);
    CHECK_EQ(PagePool::PagesFor(uint64_t{4} << 20), 257u);
}

TEST(a_chain_gives_back_what_was_written) {
    Pool pool(8);
    for (size_t size : {size_t{1}, size_t{kPageDataBytes}, size_t{kPageDataBytes} + 1,
                        size_t{8} * kPageDataBytes, size_t{3} * kPageDataBytes - 1}) {
        const std::string body = Pattern(size);
        CHECK(pool->Reserve(PagePool::PagesFor(size)));
        const uint32_t first = pool->WriteChain(body);
        StringSink sink;
        pool->ReadChain(first, sink);
        CHECK(sink.out == body);
        pool->FreeChain(first);
        CHECK_EQ(pool->available(), 8u);
    }
}

TEST(an_empty_body_takes_no_page) {
    Pool pool(1);
    const uint32_t first = pool->WriteChain({});
    CHECK_EQ(first, kNoPage);
    pool->FreeChain(first);
    CHECK_EQ(pool->available(), 1u);
}
