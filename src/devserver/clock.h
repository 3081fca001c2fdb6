// The server's time, which tests may move: leases, idle sweeps and transaction time-outs all read this clock.
// Shared by all threads; the offset and the frozen time are atomics, read without order because every use is a
// single comparison against a time-out.
#pragma once

#include <atomic>
#include <cstdint>

namespace kalam::devserver {

class Clock {
 public:
    // Follows the system's clock.
    Clock() = default;
    // Stands still at `unix_micros` until Advance is called.
    explicit Clock(int64_t unix_micros) : frozen_micros_(unix_micros) {}

    int64_t UnixMicros() const;
    int64_t UnixMillis() const { return UnixMicros() / 1000; }

    // Moves the time forward; affects all later readings.
    void Advance(int64_t millis) { offset_micros_.fetch_add(millis * 1000, std::memory_order_relaxed); }

 private:
    const int64_t frozen_micros_ = -1;
    std::atomic<int64_t> offset_micros_{0};
};

}  // namespace kalam::devserver
