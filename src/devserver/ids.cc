// Makes the ids of ids.h out of the clock, a random source a thread, and counters.
#include "devserver/ids.h"

#include <algorithm>
#include <atomic>
#include <random>

#include "common/snowflake.h"

namespace kalam::devserver {

namespace {

constexpr uint32_t kWorker = 1;
constexpr char kHex[] = "0123456789abcdef";

uint64_t Random64() {
    thread_local std::mt19937_64 source{std::random_device{}()};
    return source();
}

}  // namespace

int64_t SeqSource::Next() {
    const std::lock_guard lock(mutex_);
    last_ = common::NextSnowflake(last_, clock_.UnixMillis(), kWorker);
    return last_;
}

void SeqSource::RaiseTo(int64_t seq) {
    const std::lock_guard lock(mutex_);
    last_ = std::max(last_, seq);
}

std::string NewUuidV7(int64_t unix_millis) {
    const uint64_t high = (static_cast<uint64_t>(unix_millis) << 16) | 0x7000 | (Random64() & 0x0fff);
    const uint64_t low = (Random64() & 0x3fffffffffffffff) | 0x8000000000000000;
    std::string text;
    text.reserve(36);
    for (int nibble = 0; nibble < 32; ++nibble) {
        const uint64_t half = nibble < 16 ? high : low;
        if (nibble == 8 || nibble == 12 || nibble == 16 || nibble == 20) text += '-';
        text += kHex[(half >> (60 - 4 * (nibble % 16))) & 0xf];
    }
    return text;
}

std::string NewUlid(int64_t unix_millis) {
    constexpr char kBase32[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    std::string text(26, '0');
    uint64_t time = static_cast<uint64_t>(unix_millis);
    for (int i = 9; i >= 0; --i, time >>= 5) text[i] = kBase32[time & 31];
    uint64_t random = Random64();
    for (int i = 10; i < 26; ++i, random >>= 5) {
        if (i == 18) random = Random64();
        text[i] = kBase32[random & 31];
    }
    return text;
}

int64_t NewSqlSnowflake(int64_t unix_millis) {
    static std::atomic<uint32_t> counter{0};
    const uint64_t count = counter.fetch_add(1, std::memory_order_relaxed) & 0xfff;
    const uint64_t time = static_cast<uint64_t>(unix_millis) & ((uint64_t{1} << 41) - 1);
    return static_cast<int64_t>((time << 22) | count);
}

std::string NewJobId(const char *prefix) {
    std::string text = std::string(prefix) + "-";
    uint64_t random = Random64();
    for (int i = 0; i < 12; ++i, random >>= 4) text += kHex[random & 0xf];
    return text;
}

}  // namespace kalam::devserver
