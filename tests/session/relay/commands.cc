// The relay's line protocol (relay.h).
#include <sstream>

#include "relay.h"

namespace kalam::relay {

std::string Relay::Command(const std::string &line) {
    std::istringstream words(line);
    std::string command, argument, rest;
    words >> command >> argument >> rest;
    if (!rest.empty()) return "error too many words";
    if (command == "cut") return Cut();
    if (command == "stats") return Stats();
    if (command == "refuse") {
        listener_.Close();
        return "ok";
    }
    if (command == "accept") {
        if (!listener_.IsOpen()) listener_ = Listen(listen_);
        return "ok";
    }
    if (command == "pause" || command == "resume") return Pause(argument, command == "pause");
    if (command == "delay") return Delay(argument);
    if (command == "frames") return Frames(argument);
    return "error no such command: " + command;
}

std::string Relay::Cut() {
    const size_t count = connections_.size();
    for (Connection &connection : connections_) {
        Forget(connection);
        connection.client.Reset();
        connection.server.Reset();
    }
    connections_.clear();
    return "ok " + std::to_string(count);
}

std::string Relay::Pause(const std::string &which, bool paused) {
    if (!which.empty() && which != "up" && which != "down") return "error not up or down: " + which;
    if (which != "down") up_paused_ = paused;
    if (which != "up") down_paused_ = paused;
    return "ok";
}

std::string Relay::Delay(const std::string &ms) {
    if (ms.empty() || ms.size() > 6 || ms.find_first_not_of("0123456789") != std::string::npos)
        return "error not milliseconds: " + ms;
    delay_ = std::chrono::milliseconds(std::stol(ms));
    return "ok";
}

std::string Relay::Frames(const std::string &on) {
    if (on != "on" && on != "off") return "error not on or off: " + on;
    by_frame_ = on == "on";
    for (Connection &connection : connections_) connection.client.SetNoDelay(!by_frame_);
    return "ok";
}

std::string Relay::Stats() const {
    uint64_t up = old_up_, down = old_down_, frames = old_frames_;
    for (const Connection &connection : connections_) {
        up += connection.up.bytes();
        down += connection.down.bytes();
        frames += connection.down.frames();
    }
    std::ostringstream out;
    out << "ok accepted=" << accepted_ << " open=" << connections_.size() << " up=" << up << " down=" << down
        << " frames=" << frames;
    return out.str();
}

}  // namespace kalam::relay
