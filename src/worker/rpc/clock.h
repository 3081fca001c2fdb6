// The two clocks of the engine. Called from both of its threads. Tests move time on instead of waiting.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

namespace kalam::worker::rpc {

// How far tests have moved time on; 0 in the worker. Relaxed: a number of its own.
inline std::atomic<int64_t> time_moved_on_us{0};

// Microseconds of the monotonic clock: the one that backends stamp requests with.
inline int64_t NowUs() {
    using namespace std::chrono;
    return duration_cast<microseconds>(steady_clock::now().time_since_epoch()).count() +
           time_moved_on_us.load(std::memory_order_relaxed);
}

// Unix milliseconds, for what people and servers read.
inline int64_t UnixMs() {
    using namespace std::chrono;
    return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count() +
           time_moved_on_us.load(std::memory_order_relaxed) / 1000;
}

constexpr int64_t kMillisecond = 1000;
constexpr int64_t kSecond = 1000 * kMillisecond;

}  // namespace kalam::worker::rpc
