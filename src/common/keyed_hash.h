// A keyed hash of 128 bits: SipHash-2-4 (Aumasson and Bernstein, 2012) with its long output. Who does not know the
// key learns nothing about the input, and cannot make two inputs that collide. Called by backend/endpoint, in
// whose processes a hash of the SSL library would cost some 100 kB for the library's own state. No allocation, no
// failure.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace kalam::common {

class KeyedHash {
 public:
    using Key = std::array<uint8_t, 16>;
    using Digest = std::array<uint8_t, 16>;

    explicit KeyedHash(const Key &key);
    // Bytes count as one sequence, however they are cut into pieces.
    void Append(const void *data, size_t size);
    // Once, after the last Append.
    Digest Finish();

 private:
    void Round();
    void Absorb(uint64_t word);

    uint64_t v0_, v1_, v2_, v3_;
    uint64_t rest_ = 0;   // the bytes that do not fill a word yet, the first one lowest
    uint64_t bytes_ = 0;  // all of them; modulo 8 how many are in rest_
};

}  // namespace kalam::common
