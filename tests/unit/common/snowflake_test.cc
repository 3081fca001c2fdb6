// Snowflake ids (common/snowflake.h): always greater than the last, positive, and readable as a time.
#include "common/snowflake.h"

#include <limits>

#include "../check.h"

using kalam::common::kSnowflakeEpochMs;
using kalam::common::NextSnowflake;
using kalam::common::SnowflakeTimeMs;

namespace {
constexpr int64_t kNow = kSnowflakeEpochMs + 73'000'000'000;
}

TEST(carries_its_time_and_worker) {
    const int64_t id = NextSnowflake(0, kNow, 37);
    CHECK_EQ(SnowflakeTimeMs(id), kNow);
    CHECK_EQ(id >> 12 & 1023, 37);
    CHECK_EQ(id & 4095, 0);
}

TEST(first_id_is_positive_even_at_the_epoch_and_before) {
    CHECK(NextSnowflake(0, kSnowflakeEpochMs, 0) > 0);
    CHECK(NextSnowflake(0, 0, 0) > 0);
    CHECK(NextSnowflake(-5, 0, 0) > 0);
    CHECK(NextSnowflake(std::numeric_limits<int64_t>::min(), -1, 0) > 0);
}

TEST(grows_through_a_full_millisecond) {
    int64_t last = 0;
    for (int i = 0; i < 3 * 4096; ++i) {
        const int64_t id = NextSnowflake(last, kNow, 5);
        CHECK(id > last);
        CHECK_EQ(id >> 12 & 1023, 5);
        last = id;
    }
    // 4096 a millisecond; what is more is borrowed from the future.
    CHECK_EQ(SnowflakeTimeMs(last), kNow + 2);
}

TEST(grows_when_the_clock_goes_back) {
    const int64_t first = NextSnowflake(0, kNow, 5);
    const int64_t second = NextSnowflake(first, kNow - 10'000, 5);
    CHECK_EQ(second, first + 1);
}

TEST(grows_whoever_made_the_last_one) {
    const int64_t last = NextSnowflake(0, kNow, 500);
    for (uint32_t worker : {0u, 499u, 500u, 501u, 1023u}) {
        const int64_t id = NextSnowflake(last, kNow, worker);
        CHECK(id > last);
        CHECK_EQ(id >> 12 & 1023, worker);
    }
}

TEST(takes_a_worker_modulo_1024) {
    CHECK_EQ(NextSnowflake(0, kNow, 1024 + 3), NextSnowflake(0, kNow, 3));
}

TEST(stays_positive_at_the_end_of_its_time) {
    CHECK(NextSnowflake(0, std::numeric_limits<int64_t>::max() / 2, 1023) > 0);
}
