// A latch that gives up after a while, so that a wake-up that never comes fails a test instead of hanging it.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace kalam::test {

class TimedLatch {
 public:
    void Set() {
        {
            const std::lock_guard lock(mutex_);
            set_ = true;
        }
        changed_.notify_all();
    }
    // Waits until it is set, and resets it. False: the time is over.
    bool Wait(std::chrono::milliseconds limit) {
        std::unique_lock lock(mutex_);
        const bool set = changed_.wait_for(lock, limit, [this] { return set_; });
        set_ = false;
        return set;
    }

 private:
    std::mutex mutex_;
    std::condition_variable changed_;
    bool set_ = false;
};

}  // namespace kalam::test
