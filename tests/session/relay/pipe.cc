// One direction of a relayed connection (pipe.h).
#include "pipe.h"

#include <sys/socket.h>

#include <cerrno>
#include <utility>

namespace kalam::relay {

void Pipe::Read(Clock::time_point due, bool by_frame) {
    char buffer[65536];
    const ssize_t got = recv(from_, buffer, sizeof buffer, 0);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (got > 0) return Take({buffer, static_cast<size_t>(got)}, due, by_frame);
    ended_ = true;  // closed or broken
    Queue(due);
}

void Pipe::Take(std::string_view data, Clock::time_point due, bool by_frame) {
    while (!data.empty()) {
        const size_t size = tracker_.Take(data);
        open_.append(data.substr(0, size));
        data.remove_prefix(size);
        if (by_frame && tracker_.AtBoundary()) Queue(due);
    }
    if (!by_frame) Queue(due);
}

void Pipe::Queue(Clock::time_point due) {
    if (open_.empty()) return;
    queued_ += open_.size();
    queue_.push_back({.bytes = std::exchange(open_, {}), .sent = 0, .due = due});
}

bool Pipe::Write(Clock::time_point now) {
    while (WantsWrite(now)) {
        Chunk &chunk = queue_.front();
        const ssize_t sent =
            send(to_, chunk.bytes.data() + chunk.sent, chunk.bytes.size() - chunk.sent, MSG_NOSIGNAL);
        if (sent < 0) return errno == EAGAIN || errno == EINTR;
        chunk.sent += static_cast<size_t>(sent);
        queued_ -= static_cast<size_t>(sent);
        bytes_ += static_cast<uint64_t>(sent);
        if (chunk.sent == chunk.bytes.size()) queue_.pop_front();
    }
    return true;
}

}  // namespace kalam::relay
