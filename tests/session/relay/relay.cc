// The relay (relay.h): its loop. commands.cc has the protocol.
#include "relay.h"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>

namespace kalam::relay {

namespace {

bool Ready(const std::vector<pollfd> &ready, int fd, short events) {
    return std::any_of(ready.begin(), ready.end(), [&](const pollfd &one) {
        return one.fd == fd && (one.events & events) != 0 &&
               (one.revents & (events | POLLHUP | POLLERR)) != 0;
    });
}

}  // namespace

Relay::Relay(const Address &listen, const Address &to) : listen_(listen), to_(to), listener_(Listen(listen)) {
    listen_.port = PortOf(listener_);
}

bool Relay::Step(std::chrono::milliseconds timeout, int also) {
    std::vector<pollfd> fds = WhatToWaitFor(also);
    if (poll(fds.data(), fds.size(), PollTimeout(timeout)) < 0) return false;
    for (Connection &connection : connections_) Serve(connection, fds);
    connections_.remove_if([&](const Connection &connection) {
        const bool over = connection.broken || (connection.up_closed && connection.down_closed);
        if (over) Forget(connection);
        return over;
    });
    if (listener_.IsOpen() && Ready(fds, listener_.fd(), POLLIN)) AcceptOne();
    return also >= 0 && Ready(fds, also, POLLIN);
}

std::vector<pollfd> Relay::WhatToWaitFor(int also) const {
    std::vector<pollfd> fds;
    const Clock::time_point now = Clock::now();
    if (also >= 0) fds.push_back({.fd = also, .events = POLLIN, .revents = 0});
    if (listener_.IsOpen()) fds.push_back({.fd = listener_.fd(), .events = POLLIN, .revents = 0});
    for (const Connection &connection : connections_)
        for (const Pipe *pipe : {&connection.up, &connection.down}) {
            if (Paused(connection, *pipe)) continue;
            if (pipe->WantsRead()) fds.push_back({.fd = pipe->from(), .events = POLLIN, .revents = 0});
            if (pipe->WantsWrite(now)) fds.push_back({.fd = pipe->to(), .events = POLLOUT, .revents = 0});
        }
    return fds;
}

// The time until the next delayed chunk is due, at most `timeout`; rounded up, so that it is due then.
int Relay::PollTimeout(std::chrono::milliseconds timeout) const {
    const Clock::time_point now = Clock::now();
    for (const Connection &connection : connections_)
        for (const Pipe *pipe : {&connection.up, &connection.down}) {
            if (Paused(connection, *pipe) || pipe->NextDue() <= now ||
                pipe->NextDue() == Clock::time_point::max())
                continue;
            timeout = std::min(timeout, std::chrono::ceil<std::chrono::milliseconds>(pipe->NextDue() - now));
        }
    return static_cast<int>(timeout.count());
}

void Relay::AcceptOne() {
    Socket client = Accept(listener_);
    if (!client.IsOpen()) return;
    ++accepted_;
    Socket server = Connect(to_);
    if (!server.IsOpen()) return client.Reset();
    server.SetNoDelay(true);
    client.SetNoDelay(!by_frame_);
    connections_.emplace_back(std::move(client), std::move(server));
}

void Relay::Serve(Connection &connection, const std::vector<pollfd> &ready) {
    ServePipe(connection, connection.up, ready);
    ServePipe(connection, connection.down, ready);
    if (connection.up.Finished() && !connection.up_closed) {
        connection.up_closed = true;
        shutdown(connection.server.fd(), SHUT_WR);
    }
    if (connection.down.Finished() && !connection.down_closed) {
        connection.down_closed = true;
        shutdown(connection.client.fd(), SHUT_WR);
    }
}

void Relay::ServePipe(Connection &connection, Pipe &pipe, const std::vector<pollfd> &ready) {
    if (Paused(connection, pipe)) return;
    const Clock::time_point now = Clock::now();
    const bool by_frame = by_frame_ && &pipe == &connection.down;
    if (pipe.WantsRead() && Ready(ready, pipe.from(), POLLIN)) pipe.Read(now + delay_, by_frame);
    if (!pipe.Write(now)) connection.broken = true;
}

void Relay::Forget(const Connection &connection) {
    old_up_ += connection.up.bytes();
    old_down_ += connection.down.bytes();
    old_frames_ += connection.down.frames();
}

}  // namespace kalam::relay
