// Values as text, keys, comparison. See value_text.h; times are in time_text.cc.
#include "devserver/values/value_text.h"

#include <charconv>
#include <cmath>
#include <functional>

namespace kalam::devserver {
namespace {

std::string IntegerText(const Value &value) {
    return value.id() == TypeId::kUInt64 ? std::to_string(value.as_uint()) : std::to_string(value.as_int());
}

std::string HexText(std::string_view bytes) {
    static constexpr char kDigits[] = "0123456789abcdef";
    std::string out;
    for (const char c : bytes) {
        out += kDigits[static_cast<unsigned char>(c) >> 4];
        out += kDigits[c & 15];
    }
    return out;
}

std::string EmbeddingText(std::span<const float> values) {
    std::string out = "[";
    for (const float v : values) {
        if (out.size() > 1) out += ", ";
        out += FloatText(v, true);
    }
    return out + "]";
}

std::int64_t Micros(const Value &value) {
    if (value.id() == TypeId::kTimestampMs) {
        std::int64_t micros = 0;
        return __builtin_mul_overflow(value.as_int(), 1000, &micros) ? value.as_int() : micros;
    }
    if (value.id() == TypeId::kTimestampNs) return value.as_int() / 1000;
    return value.as_int();
}

// What Rust's integer parse says of the text.
const char *IntegerComplaint(std::string_view text, bool overflow) {
    if (text.empty()) return "cannot parse integer from empty string";
    if (!overflow) return "invalid digit found in string";
    return text.front() == '-' ? "number too small to fit in target type"
                               : "number too large to fit in target type";
}

Failure CannotParse(std::string_view text, const DataType &type, const char *why) {
    return Fail("Failed to parse '" + std::string(text) + "' as " + DisplayName(type) + ": " + why);
}

Result<Value> ParseIntegerKey(std::string_view text, const DataType &type) {
    std::string_view digits = text;
    if (digits.size() > 1 && digits.front() == '+' && digits[1] != '-') digits.remove_prefix(1);
    std::int64_t parsed = 0;
    auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), parsed);
    const bool whole = end == digits.data() + digits.size() && !digits.empty();
    const IntegerRange range = RangeOf(type.id);
    const bool fits = error == std::errc() && parsed >= range.low &&
                      (parsed < 0 || static_cast<std::uint64_t>(parsed) <= range.high);
    if (whole && fits) return Value::Int(parsed, type);
    return CannotParse(text, type, IntegerComplaint(text, whole && error != std::errc::invalid_argument));
}

Result<Value> ParseFloatKey(std::string_view text, const DataType &type) {
    double parsed = 0;
    std::string_view digits = text;
    if (digits.size() > 1 && digits.front() == '+' && digits[1] != '-') digits.remove_prefix(1);
    auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), parsed);
    if (error == std::errc::result_out_of_range && end == digits.data() + digits.size())
        parsed = digits.front() == '-' ? -HUGE_VAL : HUGE_VAL;
    else if (error != std::errc() || end != digits.data() + digits.size())
        return CannotParse(text, type,
                           text.empty() ? "cannot parse float from empty string" : "invalid float literal");
    return Value::Double(type.id == TypeId::kFloat32 ? static_cast<float>(parsed) : parsed, type);
}

double AsDouble(const Value &value) {
    if (IsFloat(value.id())) return value.as_double();
    if (value.id() == TypeId::kUInt64) return static_cast<double>(value.as_uint());
    if (value.id() == TypeId::kDecimal128)
        return static_cast<double>(value.as_decimal()) / std::pow(10.0, value.scale());
    return static_cast<double>(value.as_int());
}

int Sign(auto a, auto b) {
    return a < b ? -1 : (b < a ? 1 : 0);
}

bool HoldsBytes(TypeId id) {
    return IsText(id) || IsBinary(id) || id == TypeId::kFixedSizeBinary || id == TypeId::kEmbedding;
}

}  // namespace

std::string ToText(const Value &value) {
    if (value.is_null()) return "NULL";
    const TypeId id = value.id();
    if (id == TypeId::kBoolean) return value.as_bool() ? "true" : "false";
    if (IsInteger(id)) return IntegerText(value);
    if (IsFloat(id)) return FloatText(value.as_double(), id == TypeId::kFloat32);
    if (IsText(id)) return std::string(value.bytes());
    if (id == TypeId::kDate32) return DateText(value.as_int());
    if (id == TypeId::kTime64) return TimeText(value.as_int());
    if (IsTimestamp(id)) return TimestampText(Micros(value), value.type().utc);
    if (id == TypeId::kDecimal128) return DecimalText(value.as_decimal(), value.scale());
    if (id == TypeId::kEmbedding) return EmbeddingText(value.floats());
    return HexText(value.bytes());
}

std::string StagedKeyText(const Value &value) {
    if (value.is_null() || !IsFloat(value.id()) || !std::isfinite(value.as_double())) return ToText(value);
    char buffer[400];  // 1.8e308 takes 309 digits, 5e-324 takes 326 characters
    const double number = value.as_double();
    const auto end = value.id() == TypeId::kFloat32
                         ? std::to_chars(buffer, buffer + sizeof buffer, static_cast<float>(number),
                                         std::chars_format::fixed)
                         : std::to_chars(buffer, buffer + sizeof buffer, number, std::chars_format::fixed);
    return {buffer, end.ptr};
}

Result<Value> ParseKey(std::string_view text, const DataType &type) {
    if (IsInteger(type.id)) return ParseIntegerKey(text, type);
    if (IsFloat(type.id)) return ParseFloatKey(text, type);
    if (type.id != TypeId::kBoolean) return Value::Text(text);
    if (text == "true" || text == "false") return Value::Bool(text == "true");
    return CannotParse(text, type, "provided string was not `true` or `false`");
}

int Compare(const Value &a, const Value &b) {
    if (a.is_null() || b.is_null()) return Sign(a.is_null(), b.is_null());
    if (HoldsBytes(a.id()) && HoldsBytes(b.id())) return Sign(a.bytes().compare(b.bytes()), 0);
    if (a.id() == TypeId::kDecimal128 && b.id() == a.id() && a.scale() == b.scale())
        return Sign(a.as_decimal(), b.as_decimal());
    if (IsFloat(a.id()) || IsFloat(b.id()) || a.id() == TypeId::kDecimal128 || b.id() == TypeId::kDecimal128)
        return Sign(AsDouble(a), AsDouble(b));
    if (HoldsBytes(a.id()) || HoldsBytes(b.id())) return Sign(ToText(a).compare(ToText(b)), 0);
    return Sign(a.as_int(), b.as_int());
}

std::size_t HashValue(const Value &value) {
    if (value.is_null()) return 0;
    if (HoldsBytes(value.id())) return std::hash<std::string_view>{}(value.bytes());
    if (IsFloat(value.id())) return std::hash<double>{}(value.as_double());
    // Fibonacci hashing: sequential keys must not fall into sequential buckets of a power-of-two table.
    const std::uint64_t bits =
        value.id() == TypeId::kDecimal128 ? static_cast<std::uint64_t>(value.as_decimal()) : value.as_uint();
    return static_cast<std::size_t>(bits * 0x9E3779B97F4A7C15ULL);
}

std::string FloatText(double v, bool single) {
    if (std::isnan(v)) return "NaN";
    if (std::isinf(v)) return v < 0 ? "-inf" : "inf";
    char buffer[64];
    auto end = single ? std::to_chars(buffer, buffer + sizeof buffer, static_cast<float>(v)).ptr
                      : std::to_chars(buffer, buffer + sizeof buffer, v).ptr;
    std::string out(buffer, end);
    const std::size_t exponent = out.find('e');
    if (exponent == std::string::npos) return out.find('.') == std::string::npos ? out + ".0" : out;
    std::size_t digits = exponent + 1;  // to_chars writes 1e+20 and 1e-07, Rust 1e20 and 1e-7
    if (out[digits] == '+') out.erase(digits, 1);
    if (out[digits] == '-') ++digits;
    while (out[digits] == '0') out.erase(digits, 1);
    return out;
}

std::string DecimalText(Int128 unscaled, int scale) {
    const bool negative = unscaled < 0;
    unsigned __int128 rest =
        negative ? -static_cast<unsigned __int128>(unscaled) : static_cast<unsigned __int128>(unscaled);
    std::string reversed;
    for (int i = 0; rest != 0 || i <= scale; ++i) {
        if (i == scale && scale > 0) reversed += '.';
        reversed += static_cast<char>('0' + static_cast<int>(rest % 10));
        rest /= 10;
    }
    if (negative) reversed += '-';
    return {reversed.rbegin(), reversed.rend()};
}

std::string UuidText(std::string_view sixteen_bytes) {
    std::string hex = HexText(sixteen_bytes);
    for (const std::size_t at : {20U, 16U, 12U, 8U})
        if (at < hex.size()) hex.insert(at, 1, '-');
    return hex;
}

std::optional<std::string> ParseUuid(std::string_view text) {
    if (text.starts_with("urn:uuid:")) text.remove_prefix(9);
    if (text.size() == 38 && text.front() == '{' && text.back() == '}') text = text.substr(1, 36);
    std::string digits;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool hyphen = text.size() == 36 && (i == 8 || i == 13 || i == 18 || i == 23);
        if (hyphen != (text[i] == '-')) return std::nullopt;
        if (!hyphen) digits += text[i];
    }
    if (digits.size() != 32) return std::nullopt;
    std::string bytes;
    for (std::size_t i = 0; i < 32; i += 2) {
        unsigned byte = 0;
        auto [end, error] = std::from_chars(&digits[i], &digits[i] + 2, byte, 16);
        if (error != std::errc() || end != &digits[i] + 2) return std::nullopt;
        bytes += static_cast<char>(byte);
    }
    return bytes;
}

}  // namespace kalam::devserver
