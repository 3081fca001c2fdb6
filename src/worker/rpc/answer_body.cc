// Collects and hands out an answer's bytes (answer_body.h).
#include "worker/rpc/answer_body.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>

namespace kalam::worker::rpc {

namespace {
// The memory of answers with up to so many pieces is kept for the next one.
constexpr size_t kKeptPieces = 64;
}  // namespace

grpc::ByteBuffer &AnswerBody::Own(grpc::ByteBuffer &&response) {
    owned_.emplace_back();
    owned_.back().Swap(&response);
    return owned_.back();
}

void AnswerBody::AppendView(const void *data, size_t size) {
    if (size == 0) return;
    pieces_.push_back({static_cast<const char *>(data), size});
    size_ += size;
    left_ += size;
}

void AnswerBody::AppendCopy(std::string_view text) {
    AppendView(copies_.emplace_back(text).data(), text.size());
}

void AnswerBody::AppendSmall(const void *data, size_t size) {
    std::array<char, 8> &bytes = small_.emplace_back();
    std::memcpy(bytes.data(), data, size);
    AppendView(bytes.data(), size);
}

void AnswerBody::BeginFrame(uint64_t length) {
    AppendSmall(&length, sizeof length);
}

void AnswerBody::EndFrame(uint64_t length) {
    constexpr char kZeros[8] = {};
    AppendSmall(kZeros, (8 - length % 8) % 8);
}

size_t AnswerBody::Read(char *to, size_t room) {
    size_t done = 0;
    while (done < room && next_ < pieces_.size()) {
        const Piece &piece = pieces_[next_];
        const size_t n = std::min(room - done, piece.size - offset_);
        std::memcpy(to + done, piece.data + offset_, n);
        done += n;
        offset_ += n;
        if (offset_ == piece.size) {
            ++next_;
            offset_ = 0;
        }
    }
    left_ -= done;
    return done;
}

void AnswerBody::Clear() {
    if (size_ == 0 && owned_.empty()) return;
    if (pieces_.size() > kKeptPieces) {
        *this = AnswerBody();
        return;
    }
    pieces_.clear();
    owned_.clear();
    small_.clear();
    copies_.clear();
    next_ = offset_ = 0;
    size_ = left_ = 0;
}

}  // namespace kalam::worker::rpc
