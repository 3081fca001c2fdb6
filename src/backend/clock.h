// The two clocks that a backend reads. Not those of std::chrono: they lie in libstdc++, which PostgreSQL binds
// lazily, so the first look at one would search every library of the process and dirty a page in each backend.
// Called by backend/. No allocation, no failure.
#pragma once

#include <ctime>

#include <cstdint>

namespace kalam::backend {

inline int64_t ClockUs(clockid_t clock) {
    timespec now = {};
    (void)clock_gettime(clock, &now);  // fails for clocks that do not exist only
    return int64_t{now.tv_sec} * 1000000 + now.tv_nsec / 1000;
}

// Microseconds of the clock that the worker's std::chrono::steady_clock shows: comparable between processes.
inline int64_t MonotonicUs() {
    return ClockUs(CLOCK_MONOTONIC);
}

// Milliseconds since 1970.
inline int64_t UnixMs() {
    return ClockUs(CLOCK_REALTIME) / 1000;
}

}  // namespace kalam::backend
