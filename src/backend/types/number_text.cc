// Numbers as text. Floats are printed by PostgreSQL's own shortest-digits routine.
#include "backend/types/number_text.h"

extern "C" {
#include "common/shortest_dec.h"
#include "utils/builtins.h"
}

#include <rapidjson/internal/pow10.h>

#include <array>
#include <cmath>
#include <cstring>

#include "backend/types/json_text.h"

namespace kalam::backend::types {

namespace {

constexpr int kMaxInt64Digits = 20;
constexpr int kLargestPowerOfTen = 308;

// What a reader computes that knows only double arithmetic: significand * 10^exponent.
double SimplyRead(uint64_t significand, int exponent) {
    double value = static_cast<double>(significand);
    if (exponent >= 0) return value * rapidjson::internal::Pow10(exponent);
    if (exponent < -kLargestPowerOfTen) {
        value /= rapidjson::internal::Pow10(kLargestPowerOfTen);
        exponent += kLargestPowerOfTen;
    }
    return value / rapidjson::internal::Pow10(-exponent);
}

struct Decimal {
    bool negative;
    uint64_t significand;
    int exponent;
};

// Takes apart what the shortest-digits routine printed of a finite number: 1.25e-07 is 125 and -9.
Decimal Parse(std::string_view text) {
    uint64_t significand = 0;
    int exponent = 0;
    size_t at = text.starts_with('-') ? 1 : 0;
    bool after_point = false;
    for (; at < text.size() && text[at] != 'e'; ++at) {
        if (text[at] == '.') {
            after_point = true;
            continue;
        }
        significand = significand * 10 + static_cast<uint64_t>(text[at] - '0');
        exponent -= after_point ? 1 : 0;
    }
    if (at < text.size()) exponent += std::atoi(text.data() + at + 1);
    return {text.starts_with('-'), significand, exponent};
}

double SimplyRead(std::string_view text) {
    const Decimal decimal = Parse(text);
    const double value = SimplyRead(decimal.significand, decimal.exponent);
    return decimal.negative ? -value : value;
}

// Divides a little-endian number of four limbs by 10 in place and returns the remainder.
unsigned DivideByTen(std::array<uint64_t, 4> &limbs) {
    unsigned __int128 rest = 0;
    for (int i = 3; i >= 0; --i) {
        const unsigned __int128 current = (rest << 64) | limbs[i];
        limbs[i] = static_cast<uint64_t>(current / 10);
        rest = current % 10;
    }
    return static_cast<unsigned>(rest);
}

// Appends digits with a point before the last `scale` of them, or with zeros for a negative scale.
void AppendScaled(StringInfo out, bool negative, std::string_view digits, int scale) {
    if (negative) appendStringInfoChar(out, '-');
    if (scale <= 0) {
        appendBinaryStringInfo(out, digits.data(), static_cast<int>(digits.size()));
        for (; scale < 0 && digits != "0"; ++scale) appendStringInfoChar(out, '0');
        return;
    }
    const int size = static_cast<int>(digits.size());
    if (size <= scale) {
        appendStringInfoString(out, "0.");
        for (int i = size; i < scale; ++i) appendStringInfoChar(out, '0');
        appendBinaryStringInfo(out, digits.data(), size);
        return;
    }
    appendBinaryStringInfo(out, digits.data(), size - scale);
    appendStringInfoChar(out, '.');
    appendBinaryStringInfo(out, digits.data() + size - scale, scale);
}

}  // namespace

void AppendInt64(StringInfo out, int64_t value) {
    enlargeStringInfo(out, kMaxInt64Digits + 1);
    out->len += pg_lltoa(value, out->data + out->len);
}

void AppendUInt64(StringInfo out, uint64_t value) {
    enlargeStringInfo(out, kMaxInt64Digits + 1);
    out->len += pg_ulltoa_n(value, out->data + out->len);
    out->data[out->len] = '\0';
}

void AppendDouble(StringInfo out, double value) {
    char text[DOUBLE_SHORTEST_DECIMAL_LEN];
    double_to_shortest_decimal_buf(value, text);
    appendStringInfoString(out, text);
}

void AppendFloat(StringInfo out, float value) {
    char text[FLOAT_SHORTEST_DECIMAL_LEN];
    float_to_shortest_decimal_buf(value, text);
    appendStringInfoString(out, text);
}

void AppendDoubleWithoutExponent(StringInfo out, double value) {
    char text[DOUBLE_SHORTEST_DECIMAL_LEN];
    const auto size = static_cast<size_t>(double_to_shortest_decimal_buf(value, text));
    if (!std::isfinite(value)) return AppendBytes(out, {text, size});
    const Decimal decimal = Parse({text, size});
    char digits[kMaxInt64Digits + 1];
    const int count = pg_ulltoa_n(decimal.significand, digits);
    AppendScaled(out, decimal.negative, {digits, static_cast<size_t>(count)}, -decimal.exponent);
}

DoubleText TextOfDouble(double value) {
    DoubleText result;
    static_assert(sizeof result.text >= DOUBLE_SHORTEST_DECIMAL_LEN);
    result.size = double_to_shortest_decimal_buf(value, result.text);
    result.survives_simple_reader = SimplyRead({result.text, static_cast<size_t>(result.size)}) == value;
    return result;
}

void AppendFloatForSimpleReader(StringInfo out, float value) {
    // -0 is an integer to many readers of JSON, and those have no negative zero.
    if (value == 0 && std::signbit(value)) return AppendBytes(out, "-0.0");
    char text[FLOAT_SHORTEST_DECIMAL_LEN];
    const int size = float_to_shortest_decimal_buf(value, text);
    if (static_cast<float>(SimplyRead({text, static_cast<size_t>(size)})) == value) {
        appendBinaryStringInfo(out, text, size);
        return;
    }
    // An error of some units in a double's last place is nothing once it is rounded to a float.
    AppendDouble(out, value);
}

void AppendDecimal(StringInfo out, __int128 unscaled, int scale) {
    const bool negative = unscaled < 0;
    auto rest = static_cast<unsigned __int128>(unscaled);
    if (negative) rest = -rest;
    char digits[40];
    char *at = digits + sizeof digits;
    do {
        *--at = static_cast<char>('0' + static_cast<int>(rest % 10));
        rest /= 10;
    } while (rest != 0);
    AppendScaled(out, negative, {at, static_cast<size_t>(digits + sizeof digits - at)}, scale);
}

void AppendDecimal256(StringInfo out, const uint8_t *unscaled, int scale) {
    std::array<uint64_t, 4> limbs;
    std::memcpy(limbs.data(), unscaled, sizeof limbs);
    const bool negative = (limbs[3] >> 63) != 0;
    for (uint64_t carry = 1, i = 0; negative && i < limbs.size(); ++i) {
        limbs[i] = ~limbs[i] + carry;
        carry = carry != 0 && limbs[i] == 0 ? 1 : 0;
    }
    char digits[80];
    char *at = digits + sizeof digits;
    do {
        *--at = static_cast<char>('0' + DivideByTen(limbs));
    } while ((limbs[0] | limbs[1] | limbs[2] | limbs[3]) != 0);
    AppendScaled(out, negative, {at, static_cast<size_t>(digits + sizeof digits - at)}, scale);
}

bool UnscaledDigits(std::string_view numeric, int precision, int scale, char *digits, int *size) {
    int written = 0, significant = 0, fraction = 0;
    bool after_point = false;
    for (const char c : numeric) {
        if (c == '-') {
            digits[written++] = c;
            continue;
        }
        if (c == '.') {
            after_point = true;
            continue;
        }
        if (after_point && fraction == scale) {
            if (c != '0') return false;
            continue;
        }
        fraction += after_point ? 1 : 0;
        if (significant == 0 && c == '0') continue;
        if (significant == precision) return false;
        digits[written++] = c;
        ++significant;
    }
    for (; fraction < scale && significant > 0; ++fraction, ++significant) {
        if (significant == precision) return false;
        digits[written++] = '0';
    }
    if (significant == 0) {
        digits[0] = '0';
        written = 1;
    }
    *size = written;
    return true;
}

}  // namespace kalam::backend::types
