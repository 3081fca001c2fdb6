// How many streams of a link were reset that the server may not have looked at yet. KalamDB ends a connection, with all that is under
// way on it, when a client has reset 20 streams before it took them up ("remotely-reset pending-accept streams"), as happens while it
// is slow or stopped. An answer to a call that was sent later shows that it has taken up all those before. Used by call.cc and
// completion.cc, with the engine's lock held.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace kalam::worker::rpc {

class Resets {
 public:
    bool MayAdd() const { return times_.size() < kLimit; }

    void Add(int64_t now_us) {
        if (MayAdd()) {
            times_.push_back(now_us);
        } else {
            times_.back() = now_us;  // by a time limit, which nobody can put off
        }
    }

    // The server has answered a call that was sent at `started_us`.
    void NoteAnswer(int64_t started_us) {
        std::erase_if(times_, [started_us](int64_t time) { return time < started_us; });
    }

 private:
    // Well under the server's, since what gRPC does with a call that is being sent at this moment is not known here.
    static constexpr size_t kLimit = 8;

    std::vector<int64_t> times_;
};

}  // namespace kalam::worker::rpc
