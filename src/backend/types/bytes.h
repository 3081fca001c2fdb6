// Loads of numbers from bytes of any alignment, in Arrow's (little-endian) order. Used by the reader and the
// decoders; compilers turn each into one instruction.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>

namespace kalam::backend::types {

static_assert(std::endian::native == std::endian::little, "Arrow streams are read in place");

template <typename T>
T Load(const uint8_t *at) {
    T value;
    std::memcpy(&value, at, sizeof value);
    return value;
}

// The number at an index of an array.
template <typename T>
T LoadAt(const uint8_t *array, int64_t index) {
    return Load<T>(array + index * static_cast<int64_t>(sizeof(T)));
}

}  // namespace kalam::backend::types
