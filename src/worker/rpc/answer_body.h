// The body of an answer before it is in shared memory: a list of pieces that mostly point into the gRPC slices
// of the responses, which it keeps alive. So an answer of megabytes is copied once, from the slices into the
// shared pages. Filled by decode.cc, emptied by answer_writer.cc; used by one thread at a time.
#pragma once

#include <grpcpp/support/byte_buffer.h>

#include <array>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace kalam::worker::rpc {

class AnswerBody {
 public:
    // Takes a response over; views into it may be appended then.
    grpc::ByteBuffer &Own(grpc::ByteBuffer &&response);

    void AppendView(const void *data, size_t size);  // lives in an owned response
    void AppendCopy(std::string_view text);
    void BeginFrame(uint64_t length);  // the length; `length` bytes of content follow
    void EndFrame(uint64_t length);    // the padding

    uint64_t size() const { return size_; }
    uint64_t left() const { return left_; }
    // Copies the next bytes out, at most `room`; how many they were.
    size_t Read(char *to, size_t room);
    void Clear();

 private:
    struct Piece {
        const char *data;
        size_t size;
    };
    void AppendSmall(const void *data, size_t size);

    std::vector<Piece> pieces_;
    size_t next_ = 0;    // piece to read from
    size_t offset_ = 0;  // in it
    uint64_t size_ = 0;
    uint64_t left_ = 0;
    std::deque<grpc::ByteBuffer> owned_;
    std::deque<std::array<char, 8>> small_;  // lengths and padding
    std::deque<std::string> copies_;
};

}  // namespace kalam::worker::rpc
