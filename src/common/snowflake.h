// Snowflake ids: 41 bits of milliseconds since 2024-01-01 UTC, 10 bits of worker id, 12 bits of sequence, as
// KalamDB's `_seq`. Called by backend/functions (snowflake_id) and by the embedded server. The generator is
// single-threaded: one per backend.
#pragma once

#include <cstdint>

namespace kalam::common {

inline constexpr int64_t kSnowflakeEpochMs = 1704067200000;

// The next id after `last` at `now_ms` (Unix milliseconds) for a worker of 0..1023: greater than `last`,
// positive. When the clock stands still or went back, time is taken from `last`, so ids never repeat.
int64_t NextSnowflake(int64_t last, int64_t now_ms, uint32_t worker);

// The Unix milliseconds an id was made at.
constexpr int64_t SnowflakeTimeMs(int64_t id) {
    return (id >> 22) + kSnowflakeEpochMs;
}

}  // namespace kalam::common
