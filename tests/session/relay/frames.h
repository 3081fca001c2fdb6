// Where HTTP/2 frames end in a stream of bytes. Used by Pipe for what a server sends (which begins with a frame; a
// client's side would begin with the preface). Knows lengths only, no contents.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace kalam::relay {

class FrameTracker {
 public:
    // How many of these bytes belong to the current frame; 1..data.size(). AtBoundary() says whether it ended.
    size_t Take(std::string_view data) {
        size_t taken = 0;
        while (taken < data.size() && header_size_ < kHeaderBytes)
            header_[header_size_++] = static_cast<uint8_t>(data[taken++]);
        if (header_size_ < kHeaderBytes) return taken;
        if (!in_payload_) {
            payload_left_ = size_t{header_[0]} << 16 | size_t{header_[1]} << 8 | header_[2];
            in_payload_ = true;
        }
        const size_t payload = std::min(payload_left_, data.size() - taken);
        payload_left_ -= payload;
        if (payload_left_ == 0) {
            header_size_ = 0;
            in_payload_ = false;
            ++frames_;
        }
        return taken + payload;
    }

    bool AtBoundary() const { return header_size_ == 0; }
    uint64_t frames() const { return frames_; }

 private:
    static constexpr size_t kHeaderBytes = 9;  // length (3), type, flags, stream (4)

    uint8_t header_[kHeaderBytes] = {};
    size_t header_size_ = 0;
    bool in_payload_ = false;
    size_t payload_left_ = 0;
    uint64_t frames_ = 0;
};

}  // namespace kalam::relay
