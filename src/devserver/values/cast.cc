// Arrow's cast of one value to another type, with errors instead of NULLs. See coerce.h.
//
// One function per target family; each answers nothing (std::nullopt) for source types that Arrow does not
// cast from.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <string>

#include "devserver/values/coerce.h"
#include "devserver/values/value_text.h"

namespace kalam::devserver {
namespace {

using Cast = std::optional<Result<Value>>;

constexpr std::int64_t kMicrosPerDay = 86'400'000'000;
constexpr int kMaxDecimalDigits = 38;

Failure ArrowError(const std::string &text) {
    return Fail("Arrow error: " + text);
}

Failure BadString(const Value &value, const std::string &type_name) {
    return ArrowError("Cast error: Cannot cast string '" + std::string(value.bytes()) + "' to value of " +
                      type_name + " type");
}

Failure OutOfRange(const std::string &text, const DataType &type) {
    return ArrowError("Cast error: Can't cast value " + text + " to type " + DisplayName(type));
}

Int128 PowerOfTen(int exponent) {
    Int128 power = 1;
    for (int i = 0; i < exponent; ++i) power *= 10;
    return power;
}

bool Fits(Int128 value, const DataType &type) {
    const IntegerRange range = RangeOf(type.id);
    return value >= range.low && value <= static_cast<Int128>(range.high);
}

Int128 AsInteger(const Value &value) {
    return value.id() == TypeId::kUInt64 ? static_cast<Int128>(value.as_uint())
                                         : static_cast<Int128>(value.as_int());
}

bool IsWhole(TypeId id) {
    return IsInteger(id) || id == TypeId::kBoolean;
}

Result<Value> MakeInteger(Int128 value, const std::string &shown, const DataType &type) {
    if (!Fits(value, type)) return OutOfRange(shown, type);
    return Value::Int(static_cast<std::int64_t>(value), type);
}

Result<Value> FloatToInteger(double value, const std::string &shown, const DataType &type) {
    // 2^64 is the bound for every integer type; NaN fails the comparison too.
    if (!(std::fabs(value) < 18446744073709551616.0)) return OutOfRange(shown, type);
    return MakeInteger(static_cast<Int128>(value), shown, type);
}

Result<Value> TextToInteger(const Value &value, const DataType &type) {
    std::string_view text = value.bytes();
    if (text.size() > 1 && text.front() == '+') text.remove_prefix(1);
    const bool negative = text.starts_with('-');
    std::uint64_t magnitude = 0;
    const char *begin = text.data() + (negative ? 1 : 0), *end = text.data() + text.size();
    const auto parsed = std::from_chars(begin, end, magnitude);
    const Int128 number = negative ? -static_cast<Int128>(magnitude) : static_cast<Int128>(magnitude);
    if (begin == end || parsed.ec != std::errc() || parsed.ptr != end || !Fits(number, type))
        return BadString(value, DisplayName(type));
    return Value::Int(static_cast<std::int64_t>(number), type);
}

Cast ToInteger(const Value &value, const DataType &type) {
    const TypeId from = value.id();
    if (IsText(from)) return TextToInteger(value, type);
    if (IsWhole(from)) return MakeInteger(AsInteger(value), ToText(value), type);
    if (IsFloat(from)) return FloatToInteger(value.as_double(), ToText(value), type);
    if (from == TypeId::kDecimal128)
        return MakeInteger(value.as_decimal() / PowerOfTen(std::max(value.scale(), 0)), ToText(value), type);
    if (from == TypeId::kDate32 || from == TypeId::kTime64 || IsTimestamp(from))
        return MakeInteger(value.as_int(), std::to_string(value.as_int()), type);
    return std::nullopt;
}

Cast ToFloat(const Value &value, const DataType &type) {
    double result = 0;
    if (IsText(value.id())) {
        std::string_view text = value.bytes();
        if (text.size() > 1 && text.front() == '+' && text[1] != '-') text.remove_prefix(1);
        const auto parsed = std::from_chars(text.data(), text.data() + text.size(), result);
        if (text.empty() || parsed.ec != std::errc() || parsed.ptr != text.data() + text.size())
            return BadString(value, DisplayName(type));
    } else if (IsFloat(value.id())) {
        result = value.as_double();
    } else if (IsWhole(value.id())) {
        result = static_cast<double>(AsInteger(value));
    } else if (value.id() == TypeId::kDecimal128) {
        result = static_cast<double>(value.as_decimal()) / std::pow(10.0, value.scale());
    } else {
        return std::nullopt;
    }
    return Value::Double(type.id == TypeId::kFloat32 ? static_cast<float>(result) : result, type);
}

Cast ToBoolean(const Value &value) {
    if (IsInteger(value.id())) return Value::Bool(value.as_int() != 0);
    if (IsFloat(value.id())) return Value::Bool(value.as_double() != 0);
    if (!IsText(value.id())) return std::nullopt;
    std::string word;
    for (const char c : value.bytes())
        if (c != ' ') word += static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    const auto among = [&](std::initializer_list<std::string_view> words) {
        return std::find(words.begin(), words.end(), word) != words.end();
    };
    if (among({"t", "tr", "tru", "true", "y", "ye", "yes", "on", "1"})) return Value::Bool(true);
    if (among({"f", "fa", "fal", "fals", "false", "n", "no", "of", "off", "0"})) return Value::Bool(false);
    return ArrowError("Cast error: Cannot cast value '" + std::string(value.bytes()) +
                      "' to value of Boolean type");
}

Result<Value> CheckedDecimal(Int128 unscaled, const DataType &type) {
    const Int128 limit = PowerOfTen(type.precision);
    if (unscaled < limit && unscaled > -limit) return Value::Decimal(unscaled, type.precision, type.scale);
    return ArrowError("Invalid argument error: " + DecimalText(unscaled, type.scale) +
                      " is too large to store in a Decimal128 of precision " +
                      std::to_string(type.precision) + ". Max is " + DecimalText(limit - 1, type.scale));
}

// Moves the decimal point, rounding half away from zero. Nothing when the result does not fit 128 bits.
std::optional<Int128> Rescale(Int128 unscaled, int from, int to) {
    if (from - to > kMaxDecimalDigits) return 0;
    if (to - from > kMaxDecimalDigits) return unscaled == 0 ? std::optional<Int128>(0) : std::nullopt;
    if (to >= from) {
        Int128 result = 0;
        if (__builtin_mul_overflow(unscaled, PowerOfTen(to - from), &result)) return std::nullopt;
        return result;
    }
    const Int128 divisor = PowerOfTen(from - to);
    const Int128 rest = unscaled % divisor;
    const Int128 half = rest < 0 ? -rest : rest;
    const Int128 up = half >= divisor - half ? (unscaled < 0 ? -1 : 1) : 0;
    return unscaled / divisor + up;
}

Result<Value> RescaledDecimal(Int128 unscaled, int from, const DataType &type) {
    const auto rescaled = Rescale(unscaled, from, type.scale);
    if (rescaled) return CheckedDecimal(*rescaled, type);
    return ArrowError("Cast error: Cannot cast to " + DisplayName(type) + ". Overflowing on " +
                      DecimalText(unscaled, from));
}

// [+-]digits[.digits][e[+-]digits] as an unscaled integer and its scale.
bool ReadDecimalText(std::string_view text, Int128 &unscaled, int &scale) {
    const bool negative = text.starts_with('-');
    if (negative || text.starts_with('+')) text.remove_prefix(1);
    int exponent = 0, digits = 0;
    const std::size_t e = text.find_first_of("eE");
    if (e != text.npos) {
        std::string_view power = text.substr(e + 1);
        if (power.size() > 1 && power.front() == '+') power.remove_prefix(1);
        const auto parsed = std::from_chars(power.data(), power.data() + power.size(), exponent);
        if (parsed.ec != std::errc() || parsed.ptr != power.data() + power.size() ||
            std::abs(exponent) > 1000)
            return false;
        text = text.substr(0, e);
    }
    bool point = false;
    unscaled = 0;
    scale = 0;
    for (const char c : text) {
        if (c == '.' && !point) {
            point = true;
            continue;
        }
        if (c < '0' || c > '9') return false;
        ++digits;
        if (unscaled >= PowerOfTen(kMaxDecimalDigits - 1)) {
            if (!point) return false;
            continue;  // digits beyond 38 after the point carry nothing
        }
        unscaled = unscaled * 10 + (c - '0');
        scale += point ? 1 : 0;
    }
    scale -= exponent;
    if (negative) unscaled = -unscaled;
    return digits > 0;
}

Cast ToDecimal(const Value &value, const DataType &type) {
    if (value.id() == TypeId::kDecimal128) return RescaledDecimal(value.as_decimal(), value.scale(), type);
    if (IsInteger(value.id())) return RescaledDecimal(AsInteger(value), 0, type);
    if (IsText(value.id())) {
        Int128 unscaled = 0;
        int scale = 0;
        if (!ReadDecimalText(value.bytes(), unscaled, scale)) return BadString(value, DisplayName(type));
        return RescaledDecimal(unscaled, scale, type);
    }
    if (!IsFloat(value.id())) return std::nullopt;
    const double scaled = std::round(value.as_double() * std::pow(10.0, type.scale));
    if (!(std::fabs(scaled) < 1e38))
        return ArrowError("Cast error: Cannot cast to " + DisplayName(type) + ". Overflowing on " +
                          ToText(value));
    return CheckedDecimal(static_cast<Int128>(scaled), type);
}

Cast ToDate(const Value &value, const DataType &type) {
    const TypeId from = value.id();
    if (IsText(from)) {
        const auto days = ParseDate(value.bytes());
        if (!days) return ArrowError(days.error());
        return Value::Int(*days, type);
    }
    if (IsInteger(from))
        return MakeInteger(AsInteger(value), ToText(value), Plain(TypeId::kInt32)).ok()
                   ? Cast(Value::Int(value.as_int(), type))
                   : Cast(OutOfRange(ToText(value), type));
    if (!IsTimestamp(from)) return std::nullopt;
    const std::int64_t per_day = from == TypeId::kTimestampMs   ? kMicrosPerDay / 1000
                                 : from == TypeId::kTimestampUs ? kMicrosPerDay
                                                                : kMicrosPerDay * 1000;
    const std::int64_t at = value.as_int();
    return Value::Int(at / per_day - (at % per_day < 0 ? 1 : 0), type);
}

Cast ToTime(const Value &value, const DataType &type) {
    if (IsText(value.id())) {
        const auto micros = ParseTime(value.bytes());
        if (!micros) return ArrowError(micros.error());
        return Value::Int(*micros, type);
    }
    if (value.id() == TypeId::kInt64) return Value::Int(value.as_int(), type);
    if (!IsTimestamp(value.id())) return std::nullopt;
    const auto micros = CastValue(value, Plain(TypeId::kTimestampUs));
    if (!micros) return micros;
    return Value::Int(((*micros).as_int() % kMicrosPerDay + kMicrosPerDay) % kMicrosPerDay, type);
}

// Targets are microseconds: no column has another unit.
Cast ToTimestamp(const Value &value, const DataType &type) {
    const TypeId from = value.id();
    if (IsText(from)) {
        const auto micros = ParseTimestamp(value.bytes());
        if (!micros) return ArrowError(micros.error());
        return Value::Int(*micros, type);
    }
    std::int64_t factor = 1;
    if (from == TypeId::kTimestampMs) factor = 1000;
    if (from == TypeId::kDate32) factor = kMicrosPerDay;
    if (IsInteger(from)) {
        if (!Fits(AsInteger(value), Plain(TypeId::kInt64))) return OutOfRange(ToText(value), type);
        return Value::Int(value.as_int(), type);
    }
    if (from == TypeId::kTimestampNs) return Value::Int(value.as_int() / 1000, type);
    if (!IsTimestamp(from) && from != TypeId::kDate32) return std::nullopt;
    std::int64_t micros = 0;
    if (__builtin_mul_overflow(value.as_int(), factor, &micros))
        return ArrowError("Cast error: Failed to convert to microseconds: overflow");
    return Value::Int(micros, type);
}

Cast ToUtf8(const Value &value, const DataType &type) {
    if (value.id() == TypeId::kEmbedding) return std::nullopt;
    if (IsBinary(value.id()) || value.id() == TypeId::kFixedSizeBinary)
        return Value::Text(value.bytes(), type);
    return Value::Text(ToText(value), type);
}

Cast ToBinary(const Value &value, const DataType &type) {
    if (!IsText(value.id()) && !IsBinary(value.id()) && value.id() != TypeId::kFixedSizeBinary)
        return std::nullopt;
    return Value::Bytes(value.bytes(), type);
}

Cast CastTo(const Value &value, const DataType &type) {
    if (IsInteger(type.id)) return ToInteger(value, type);
    if (IsFloat(type.id)) return ToFloat(value, type);
    if (IsText(type.id)) return ToUtf8(value, type);
    if (IsBinary(type.id)) return ToBinary(value, type);
    switch (type.id) {
        case TypeId::kBoolean:
            return ToBoolean(value);
        case TypeId::kDecimal128:
            return ToDecimal(value, type);
        case TypeId::kDate32:
            return ToDate(value, type);
        case TypeId::kTime64:
            return ToTime(value, type);
        case TypeId::kTimestampUs:
            return ToTimestamp(value, type);
        default:
            return std::nullopt;
    }
}

}  // namespace

Result<Value> CastValue(const Value &value, const DataType &type) {
    if (value.type() == type) return value;
    if (value.is_null()) return Value::Null(type);
    if (auto cast = CastTo(value, type)) return *std::move(cast);
    return ArrowError("Cast error: Casting from " + DisplayName(value.type(), true) + " to " +
                      DisplayName(type) + " not supported");
}

}  // namespace kalam::devserver
