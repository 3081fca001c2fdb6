// Keeps TCP_QUICKACK set on the sockets of our links. KalamDB's listener leaves Nagle's algorithm on: the last
// piece of an answer waits for our acknowledgement, which Linux would delay by 40 ms. The kernel leaves the
// quick mode by itself, so it is set again after each send and every millisecond while calls are in flight.
//
// gRPC does not hand out its sockets: they are found among the process's own by the port of their peer, and
// remembered; looked up again when a connection was made, and every second while calls are in flight.
// Arm may be called by both threads; the rest by the completion thread, Expect by whoever holds the engine's lock.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <vector>

namespace kalam::worker::rpc {

class QuickAck {
 public:
    void SetEnabled(bool enabled) { enabled_.store(enabled, std::memory_order_relaxed); }
    bool IsEnabled() const { return enabled_.load(std::memory_order_relaxed); }

    // Peers are recognised by these ports from now on.
    void SetPorts(std::vector<uint16_t> ports) { ports_ = std::move(ports); }
    // A connection is being made: look for its socket at every tick, until NoteConnected or for some seconds.
    void ExpectConnection(int64_t now_us);
    void NoteConnected();

    // Sets the option on the sockets known.
    void Arm();
    bool IsRefreshDue(int64_t now_us) const;
    // Looks for sockets if that is due. With the engine's lock held (SetPorts).
    void Refresh(int64_t now_us);
    int socket_count() const { return count_.load(std::memory_order_relaxed); }

 private:
    static constexpr int kMaxSockets = 64;
    void Scan();
    bool IsOurs(int fd) const;

    // A descriptor that is read while it is replaced, or that was closed meanwhile, costs a failed or useless
    // setsockopt: relaxed is enough.
    std::array<std::atomic<int>, kMaxSockets> sockets_{};
    std::atomic<int> count_{0};
    std::atomic<bool> enabled_{true};
    std::atomic<bool> stale_{true};  // look once more
    std::atomic<int64_t> expected_until_us_{0};
    std::vector<uint16_t> ports_;
    int64_t next_scan_us_ = 0;
};

}  // namespace kalam::worker::rpc
