// PostgreSQL's latch in miniature, for the stress tests: set, wait, reset. ThreadLatch for threads of one
// process, ProcessLatch (an eventfd) across fork.
#pragma once

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <new>

namespace kalam::test {

class ThreadLatch {
 public:
    void Set() {
        set_.store(1);
        set_.notify_one();
    }
    void WaitAndReset() {
        set_.wait(0);
        set_.store(0);
    }

 private:
    std::atomic<int> set_{0};
};

class ProcessLatch {
 public:
    ProcessLatch() : fd_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
        if (fd_ < 0) throw std::bad_alloc();
    }
    ~ProcessLatch() { close(fd_); }
    ProcessLatch(const ProcessLatch &) = delete;

    void Set() {
        const uint64_t one = 1;
        // The counter cannot overflow before somebody waits; then it is set anyway.
        [[maybe_unused]] const ssize_t written = write(fd_, &one, sizeof one);
    }
    void WaitAndReset() {
        pollfd wait = {.fd = fd_, .events = POLLIN, .revents = 0};
        while (poll(&wait, 1, -1) < 0) {
        }
        uint64_t count;
        [[maybe_unused]] const ssize_t taken = read(fd_, &count, sizeof count);
    }

 private:
    int fd_;
};

}  // namespace kalam::test
