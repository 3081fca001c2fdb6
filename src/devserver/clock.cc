// Reads the system's clock, or stands still; see clock.h.
#include "devserver/clock.h"

#include <chrono>

namespace kalam::devserver {

int64_t Clock::UnixMicros() const {
    const int64_t offset = offset_micros_.load(std::memory_order_relaxed);
    if (frozen_micros_ >= 0) return frozen_micros_ + offset;
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::microseconds>(now).count() + offset;
}

}  // namespace kalam::devserver
