// Snowflake ids (snowflake.h). Pure arithmetic: no clock, no state.
#include "common/snowflake.h"

#include <algorithm>

namespace kalam::common {

namespace {

constexpr int kSequenceBits = 12;
constexpr int kWorkerBits = 10;
constexpr int64_t kMaxSequence = (int64_t{1} << kSequenceBits) - 1;
constexpr int64_t kWorkerMask = (int64_t{1} << kWorkerBits) - 1;
constexpr int64_t kMaxMs = (int64_t{1} << 41) - 1;

int64_t Pack(int64_t ms, int64_t worker, int64_t sequence) {
    return ms << (kWorkerBits + kSequenceBits) | worker << kSequenceBits | sequence;
}

}  // namespace

int64_t NextSnowflake(int64_t last, int64_t now_ms, uint32_t worker) {
    const int64_t own_worker = worker & kWorkerMask;
    // Never 0 for anybody, so that the first id is positive even at the epoch itself.
    const int64_t previous = std::max<int64_t>(last, 0);
    const int64_t last_ms = previous >> (kWorkerBits + kSequenceBits);
    const int64_t now = std::clamp<int64_t>(now_ms - kSnowflakeEpochMs, 0, kMaxMs);
    if (now > last_ms) return Pack(now, own_worker, 0);

    const int64_t last_worker = previous >> kSequenceBits & kWorkerMask;
    const int64_t last_sequence = previous & kMaxSequence;
    if (own_worker > last_worker) return Pack(last_ms, own_worker, 0);
    if (own_worker == last_worker && last_sequence < kMaxSequence)
        return Pack(last_ms, own_worker, last_sequence + 1);
    return Pack(last_ms + 1, own_worker, 0);
}

}  // namespace kalam::common
