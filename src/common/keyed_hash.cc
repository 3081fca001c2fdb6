// SipHash-2-4-128 (keyed_hash.h). The names v0..v3 and the constants are those of its paper.
#include "common/keyed_hash.h"

#include <bit>

namespace kalam::common {

namespace {

// Least significant byte first, whatever the machine.
uint64_t WordAt(const uint8_t *bytes) {
    uint64_t word = 0;
    for (int i = 7; i >= 0; --i) word = word << 8 | bytes[i];
    return word;
}

void StoreWord(uint8_t *bytes, uint64_t word) {
    for (int i = 0; i < 8; ++i) bytes[i] = static_cast<uint8_t>(word >> (8 * i));
}

}  // namespace

KeyedHash::KeyedHash(const Key &key) {
    const uint64_t k0 = WordAt(key.data());
    const uint64_t k1 = WordAt(key.data() + 8);
    v0_ = k0 ^ 0x736f6d6570736575;
    v1_ = k1 ^ 0x646f72616e646f6d ^ 0xee;  // 0xee: 128 bits of output
    v2_ = k0 ^ 0x6c7967656e657261;
    v3_ = k1 ^ 0x7465646279746573;
}

void KeyedHash::Round() {
    v0_ += v1_;
    v1_ = std::rotl(v1_, 13) ^ v0_;
    v0_ = std::rotl(v0_, 32);
    v2_ += v3_;
    v3_ = std::rotl(v3_, 16) ^ v2_;
    v0_ += v3_;
    v3_ = std::rotl(v3_, 21) ^ v0_;
    v2_ += v1_;
    v1_ = std::rotl(v1_, 17) ^ v2_;
    v2_ = std::rotl(v2_, 32);
}

void KeyedHash::Absorb(uint64_t word) {
    v3_ ^= word;
    Round();
    Round();
    v0_ ^= word;
}

void KeyedHash::Append(const void *data, size_t size) {
    const auto *bytes = static_cast<const uint8_t *>(data);
    for (size_t i = 0; i < size; ++i) {
        rest_ |= uint64_t{bytes[i]} << (8 * (bytes_ % 8));
        if (++bytes_ % 8 != 0) continue;
        Absorb(rest_);
        rest_ = 0;
    }
}

KeyedHash::Digest KeyedHash::Finish() {
    Absorb(rest_ | bytes_ << 56);
    Digest digest;
    v2_ ^= 0xee;
    for (int half = 0; half < 2; ++half) {
        if (half == 1) v1_ ^= 0xdd;
        for (int i = 0; i < 4; ++i) Round();
        StoreWord(digest.data() + 8 * half, v0_ ^ v1_ ^ v2_ ^ v3_);
    }
    return digest;
}

}  // namespace kalam::common
