// Numbers as text: integers, shortest floats, 128-bit decimals. Used by the encoder, the decoders and the JSON
// printer. Nothing here allocates except by growing the output.
#pragma once

#include <cstdint>
#include <string_view>

#include "backend/pg.h"

namespace kalam::backend::types {

inline constexpr int kMaxDecimalDigits = 38;
inline constexpr int kMaxEmbeddingDimension = 8192;

void AppendInt64(StringInfo out, int64_t value);
void AppendUInt64(StringInfo out, uint64_t value);

// The shortest text that reads back as the same number. NaN and infinities print as in PostgreSQL.
void AppendDouble(StringInfo out, double value);
void AppendFloat(StringInfo out, float value);
// The same digits, with zeros instead of an exponent (1e-07 is 0.0000001): how the server spells a key.
void AppendDoubleWithoutExponent(StringInfo out, double value);

// The same for readers that are not exact: a finite number's text, and whether a reader that multiplies the digits
// by a power of ten in double arithmetic gets the number back. That is what the server's JSON reader does.
struct DoubleText {
    char text[32];
    int size;
    bool survives_simple_reader;
};
DoubleText TextOfDouble(double value);

// Appends a finite float so that such a reader gets it back (its double's digits where the short ones do not
// do).
void AppendFloatForSimpleReader(StringInfo out, float value);

// Appends an unscaled decimal with its point: (-12345, 2) is -123.45. scale may be negative.
void AppendDecimal(StringInfo out, __int128 unscaled, int scale);
// The same for 256 bits, little-endian, two's complement.
void AppendDecimal256(StringInfo out, const uint8_t *unscaled, int scale);

// Reads the text of a numeric (digits, one point at most) as the unscaled digits of a decimal of that scale:
// "-123.4" at scale 2 is "-12340". False if digits would be lost or more than `precision` are needed. `digits`
// takes kDecimalDigitsBytes.
inline constexpr int kDecimalDigitsBytes = kMaxDecimalDigits + 2;
bool UnscaledDigits(std::string_view numeric, int precision, int scale, char *digits, int *size);

}  // namespace kalam::backend::types
