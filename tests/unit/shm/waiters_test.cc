// Who waits (shm/waiters.h), in one thread; stress_test.cc races it.
#include "shm/waiters.h"

#include <memory>

#include "../check.h"

using namespace kalam::shm;

namespace {

std::vector<int32_t> TakeAll(WaiterSet &set) {
    std::vector<int32_t> woken;
    const int count = set.TakeAll([&](int32_t procno) { woken.push_back(procno); });
    CHECK_EQ(static_cast<size_t>(count), woken.size());
    return woken;
}

}  // namespace

TEST(a_flag_is_taken_once) {
    WaitFlag flag;
    CHECK(!flag.Take());
    flag.Announce();
    flag.Announce();
    CHECK(flag.IsSet());
    CHECK(flag.Take());
    CHECK(!flag.Take());
    CHECK(!flag.IsSet());
}

TEST(a_set_names_each_waiter_once) {
    auto set = std::make_unique<WaiterSet>();
    CHECK(TakeAll(*set).empty());
    for (int32_t procno : {200, 0, 63, 64, 200, static_cast<int32_t>(kMaxBackends) - 1})
        set->Announce(procno);
    CHECK(TakeAll(*set) == (std::vector<int32_t>{0, 63, 64, 200, kMaxBackends - 1}));
    CHECK(TakeAll(*set).empty());
}

TEST(a_waiter_can_announce_itself_again) {
    auto set = std::make_unique<WaiterSet>();
    for (int i = 0; i < 3; ++i) {
        set->Announce(7);
        CHECK(TakeAll(*set) == std::vector<int32_t>{7});
    }
}
