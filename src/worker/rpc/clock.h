// The two clocks of the engine. Called from both of its threads.
#pragma once

#include <chrono>
#include <cstdint>

namespace kalam::worker::rpc {

// Microseconds of the monotonic clock: the one that backends stamp requests with.
inline int64_t NowUs() {
    using namespace std::chrono;
    return duration_cast<microseconds>(steady_clock::now().time_since_epoch()).count();
}

// Unix milliseconds, for what people and servers read.
inline int64_t UnixMs() {
    using namespace std::chrono;
    return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

constexpr int64_t kMillisecond = 1000;
constexpr int64_t kSecond = 1000 * kMillisecond;

}  // namespace kalam::worker::rpc
