// One direction of a relayed connection: reads from one socket, holds back what must wait, writes to the other.
// Called by Relay, in one thread. Does not own the sockets.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

#include "frames.h"

namespace kalam::relay {

using Clock = std::chrono::steady_clock;

class Pipe {
 public:
    Pipe(int from, int to) : from_(from), to_(to) {}

    int from() const { return from_; }
    int to() const { return to_; }

    // Whether there is a reason to read or, at `now`, to write. Nothing more is read while a megabyte waits.
    bool WantsRead() const { return !ended_ && queued_ < kMaxQueued; }
    bool WantsWrite(Clock::time_point now) const { return !queue_.empty() && queue_.front().due <= now; }
    // When the next chunk may go; time_point::max() when none waits.
    Clock::time_point NextDue() const {
        return queue_.empty() ? Clock::time_point::max() : queue_.front().due;
    }

    // Reads what there is, to be written from `due` on; `by_frame`: each HTTP/2 frame by itself, once whole.
    void Read(Clock::time_point due, bool by_frame);
    // Writes what is due, each chunk in a send of its own. False when the other side has broken the connection.
    bool Write(Clock::time_point now);

    // The sender has ended, and all it sent was passed on.
    bool Finished() const { return ended_ && queue_.empty(); }

    uint64_t bytes() const { return bytes_; }
    uint64_t frames() const { return tracker_.frames(); }

 private:
    static constexpr size_t kMaxQueued = 1 << 20;

    struct Chunk {
        std::string bytes;
        size_t sent;
        Clock::time_point due;
    };

    void Take(std::string_view data, Clock::time_point due, bool by_frame);
    void Queue(Clock::time_point due);

    int from_, to_;
    bool ended_ = false;
    FrameTracker tracker_;
    std::string open_;  // of a frame that is not whole yet
    std::deque<Chunk> queue_;
    size_t queued_ = 0;
    uint64_t bytes_ = 0;  // passed on
};

}  // namespace kalam::relay
