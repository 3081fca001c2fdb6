// One reader function per variant of a tagged value; the table kVariants holds them in the order in which the
// error for an unknown variant lists the names. See tagged_value.h.
#include "devserver/values/tagged_value.h"

#include <array>
#include <charconv>
#include <optional>
#include <string>
#include <vector>

namespace kalam::devserver {
namespace {

constexpr std::int64_t kMaxEmbedding = 8192;

using Reader = bool (*)(JsonScanner &in, Value &out);

// null in place of a variant's content: a typed NULL. Sets `done` when it was there.
bool NullContent(JsonScanner &in, const DataType &type, Value &out, bool &done) {
    done = in.Peek() == 'n';
    if (!done) return true;
    out = Value::Null(type);
    return in.Word("null");
}

bool Number(JsonScanner &in, const char *expected, JsonScanner::Number &out) {
    const int next = in.Peek();
    return next == '-' || (next >= '0' && next <= '9') ? in.ReadNumber(out) : in.InvalidType(expected);
}

bool IntegerIn(JsonScanner &in, const char *expected, const IntegerRange &range, std::int64_t &out) {
    JsonScanner::Number number;
    if (!Number(in, expected, number)) return false;
    using Kind = JsonScanner::Number::Kind;
    if (number.kind == Kind::kFloat)
        return in.Error("invalid type: " + JsonScanner::Show(number) + ", expected " + expected);
    const bool fits =
        number.kind == Kind::kSigned ? number.negative >= range.low : number.positive <= range.high;
    if (!fits) return in.Error("invalid value: " + JsonScanner::Show(number) + ", expected " + expected);
    out = number.kind == Kind::kSigned ? number.negative : static_cast<std::int64_t>(number.positive);
    return true;
}

template <TypeId kType>
constexpr const char *RustName() {
    switch (kType) {
        case TypeId::kInt8:
            return "i8";
        case TypeId::kInt16:
            return "i16";
        case TypeId::kInt32:
        case TypeId::kDate32:
            return "i32";
        case TypeId::kUInt8:
            return "u8";
        case TypeId::kUInt16:
            return "u16";
        case TypeId::kUInt32:
            return "u32";
        case TypeId::kFloat32:
            return "f32";
        case TypeId::kFloat64:
            return "f64";
        default:
            return "i64";
    }
}

template <TypeId kType>
bool ReadInteger(JsonScanner &in, Value &out) {
    bool done = false;
    if (!NullContent(in, Plain(kType), out, done) || done) return done;
    std::int64_t value = 0;
    const TypeId width = kType == TypeId::kDate32 ? TypeId::kInt32 : kType;
    if (!IntegerIn(in, RustName<kType>(), RangeOf(width), value)) return false;
    out = Value::Int(value, Plain(kType));
    return true;
}

template <TypeId kType>
bool ReadFloat(JsonScanner &in, Value &out) {
    bool done = false;
    if (!NullContent(in, Plain(kType), out, done) || done) return done;
    JsonScanner::Number number;
    if (!Number(in, RustName<kType>(), number)) return false;
    using Kind = JsonScanner::Number::Kind;
    double value = number.real;
    if (number.kind == Kind::kSigned) value = static_cast<double>(number.negative);
    if (number.kind == Kind::kUnsigned) value = static_cast<double>(number.positive);
    out = Value::Double(kType == TypeId::kFloat32 ? static_cast<float>(value) : value, Plain(kType));
    return true;
}

// 64-bit integers come as strings; one that does not parse is NULL, without a word.
template <typename T, TypeId kType>
bool ReadLongInteger(JsonScanner &in, Value &out) {
    bool done = false;
    if (!NullContent(in, Plain(kType), out, done) || done) return done;
    if (in.Peek() != '"') return in.InvalidType("a string");
    std::string_view text;
    if (!in.String(text)) return false;
    if (text.size() > 1 && text.front() == '+' && text[1] != '-') text.remove_prefix(1);
    T value = 0;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool parsed = error == std::errc() && end == text.data() + text.size() && !text.empty();
    out = parsed ? Value::Int(static_cast<std::int64_t>(value), Plain(kType)) : Value::Null(Plain(kType));
    return true;
}

template <TypeId kType>
bool ReadText(JsonScanner &in, Value &out) {
    bool done = false;
    if (!NullContent(in, Plain(kType), out, done) || done) return done;
    if (in.Peek() != '"') return in.InvalidType("a string");
    std::string_view text;
    if (!in.String(text)) return false;
    out = Value::Text(text, Plain(kType));
    return true;
}

bool ReadBoolean(JsonScanner &in, Value &out) {
    bool done = false;
    if (!NullContent(in, Plain(TypeId::kBoolean), out, done) || done) return done;
    const int next = in.Peek();
    if (next != 't' && next != 'f') return in.InvalidType("a boolean");
    if (!in.Word(next == 't' ? "true" : "false")) return false;
    out = Value::Bool(next == 't');
    return true;
}

bool ReadNull(JsonScanner &in, Value &out) {
    out = Value();
    return in.Peek() == 'n' ? in.Word("null") : in.InvalidType("unit");
}

bool ReadByteList(JsonScanner &in, std::string &out) {
    if (in.Peek() != '[') return in.InvalidType("a sequence");
    in.Eat();
    bool first = true, more = true;
    while (in.NextElement(first, more) && more) {
        std::int64_t byte = 0;
        if (!IntegerIn(in, "u8", RangeOf(TypeId::kUInt8), byte)) return false;
        out += static_cast<char>(byte);
    }
    return !in.failed();
}

template <TypeId kType>
bool ReadBinary(JsonScanner &in, Value &out) {
    bool done = false;
    if (!NullContent(in, Plain(kType), out, done) || done) return done;
    std::string bytes;
    if (!ReadByteList(in, bytes)) return false;
    out = Value::Bytes(bytes, Plain(kType));
    return true;
}

// The content of a struct variant: an object whose fields `field` reads by name (false = error set).
template <typename FieldReader>
bool ReadFields(JsonScanner &in, const char *variant, FieldReader field) {
    if (in.Peek() != '{') return in.InvalidType(std::string("struct variant StoredScalarValue::") + variant);
    in.Eat();
    bool first = true, more = true;
    std::string_view key;
    while (in.NextKey(first, more, key) && more) {
        const std::string name(key);  // the key's buffer does not outlive the value
        if (!in.Colon() || !field(name)) return false;
    }
    return !in.failed();
}

bool Required(JsonScanner &in, bool present, const char *field) {
    return present || in.Error(std::string("missing field `") + field + "`");
}

bool OptionalLong(JsonScanner &in, std::optional<std::int64_t> &out) {
    out.reset();
    if (in.Peek() == 'n') return in.Word("null");
    std::int64_t value = 0;
    if (!IntegerIn(in, "i64", RangeOf(TypeId::kInt64), value)) return false;
    out = value;
    return true;
}

bool ReadTime(JsonScanner &in, Value &out) {
    std::optional<std::int64_t> value;
    if (!OptionalLong(in, value)) return false;
    const DataType type = Plain(TypeId::kTime64);
    out = value ? Value::Int(*value, type) : Value::Null(type);
    return true;
}

template <TypeId kType>
bool ReadTimestamp(JsonScanner &in, Value &out) {
    constexpr const char *kName = kType == TypeId::kTimestampMs   ? "TimestampMillisecond"
                                  : kType == TypeId::kTimestampUs ? "TimestampMicrosecond"
                                                                  : "TimestampNanosecond";
    std::optional<std::int64_t> value;
    DataType type = Plain(kType);
    const bool read = ReadFields(in, kName, [&](const std::string &field) {
        if (field == "value") return OptionalLong(in, value);
        if (field != "timezone") return in.SkipValue();
        std::string_view zone;
        if (in.Peek() == 'n') return in.Word("null");
        type.utc = true;
        return in.Peek() == '"' ? in.String(zone) : in.InvalidType("a string");
    });
    out = value ? Value::Int(*value, type) : Value::Null(type);
    return read;
}

// A decimal's unscaled integer: a string of digits or a JSON integer; null leaves `out` alone.
bool ReadUnscaled(JsonScanner &in, bool &null, Int128 &out) {
    const int next = in.Peek();
    null = next == 'n';
    if (null) return in.Word("null");
    if (next != '"') {
        std::int64_t value = 0;
        if (!IntegerIn(in, "i128 string or integer", RangeOf(TypeId::kInt64), value)) return false;
        out = value;
        return true;
    }
    std::string_view text;
    if (!in.String(text)) return false;
    const bool negative = text.starts_with('-');
    if (negative) text.remove_prefix(1);
    if (text.empty() || text.size() > 38 || text.find_first_not_of("0123456789") != text.npos)
        return in.Error("invalid Decimal128 value");
    Int128 value = 0;
    for (const char c : text) value = value * 10 + (c - '0');
    out = negative ? -value : value;
    return true;
}

bool ReadDecimal(JsonScanner &in, Value &out) {
    Int128 value = 0;
    bool null = true;
    std::int64_t precision = -1, scale = 0;
    bool scaled = false;
    const bool read = ReadFields(in, "Decimal128", [&](const std::string &field) {
        if (field == "value") return ReadUnscaled(in, null, value);
        if (field == "precision") return IntegerIn(in, "u8", RangeOf(TypeId::kUInt8), precision);
        scaled = scaled || field == "scale";
        return field == "scale" ? IntegerIn(in, "i8", RangeOf(TypeId::kInt8), scale) : in.SkipValue();
    });
    if (!read || !Required(in, precision >= 0, "precision") || !Required(in, scaled, "scale")) return false;
    const DataType type = DecimalType(static_cast<int>(precision), static_cast<int>(scale));
    out = null ? Value::Null(type) : Value::Decimal(value, type.precision, type.scale);
    return true;
}

bool ReadFixedSizeBinary(JsonScanner &in, Value &out) {
    std::int64_t size = 0;
    bool sized = false, null = true;
    std::string bytes;
    const bool read = ReadFields(in, "FixedSizeBinary", [&](const std::string &field) {
        sized = sized || field == "size";
        if (field == "size") return IntegerIn(in, "i32", RangeOf(TypeId::kInt32), size);
        if (field != "value") return in.SkipValue();
        null = in.Peek() == 'n';
        bytes.clear();
        return null ? in.Word("null") : ReadByteList(in, bytes);
    });
    if (!read || !Required(in, sized, "size")) return false;
    const DataType type{.id = TypeId::kFixedSizeBinary, .size = static_cast<std::int32_t>(size)};
    out = null ? Value::Null(type) : Value::Bytes(bytes, type);
    return true;
}

bool ReadFloatList(JsonScanner &in, std::vector<float> &out) {
    out.clear();
    if (in.Peek() == 'n') return in.Word("null");
    if (in.Peek() != '[') return in.InvalidType("a sequence");
    in.Eat();
    bool first = true, more = true;
    while (in.NextElement(first, more) && more) {
        Value element;
        if (!ReadFloat<TypeId::kFloat32>(in, element)) return false;
        out.push_back(element.is_null() ? 0.0F : static_cast<float>(element.as_double()));
    }
    return !in.failed();
}

bool ReadEmbedding(JsonScanner &in, Value &out) {
    std::int64_t size = 0;
    bool sized = false;
    std::vector<float> values;
    const bool read = ReadFields(in, "Embedding", [&](const std::string &field) {
        sized = sized || field == "size";
        if (field == "size") return IntegerIn(in, "i32", RangeOf(TypeId::kInt32), size);
        return field == "values" ? ReadFloatList(in, values) : in.SkipValue();
    });
    if (!read || !Required(in, sized, "size")) return false;
    if (size >= 0 && size <= kMaxEmbedding) values.resize(static_cast<std::size_t>(size));
    out = Value::Floats(values);
    return true;
}

struct Variant {
    std::string_view name;
    Reader read;
};

constexpr std::array<Variant, 25> kVariants = {{
    {"Null", ReadNull},
    {"Boolean", ReadBoolean},
    {"Float32", ReadFloat<TypeId::kFloat32>},
    {"Float64", ReadFloat<TypeId::kFloat64>},
    {"Int8", ReadInteger<TypeId::kInt8>},
    {"Int16", ReadInteger<TypeId::kInt16>},
    {"Int32", ReadInteger<TypeId::kInt32>},
    {"Int64", ReadLongInteger<std::int64_t, TypeId::kInt64>},
    {"UInt8", ReadInteger<TypeId::kUInt8>},
    {"UInt16", ReadInteger<TypeId::kUInt16>},
    {"UInt32", ReadInteger<TypeId::kUInt32>},
    {"UInt64", ReadLongInteger<std::uint64_t, TypeId::kUInt64>},
    {"Utf8", ReadText<TypeId::kUtf8>},
    {"LargeUtf8", ReadText<TypeId::kLargeUtf8>},
    {"Binary", ReadBinary<TypeId::kBinary>},
    {"LargeBinary", ReadBinary<TypeId::kLargeBinary>},
    {"FixedSizeBinary", ReadFixedSizeBinary},
    {"Date32", ReadInteger<TypeId::kDate32>},
    {"Time64Microsecond", ReadTime},
    {"TimestampMillisecond", ReadTimestamp<TypeId::kTimestampMs>},
    {"TimestampMicrosecond", ReadTimestamp<TypeId::kTimestampUs>},
    {"TimestampNanosecond", ReadTimestamp<TypeId::kTimestampNs>},
    {"Decimal128", ReadDecimal},
    {"Embedding", ReadEmbedding},
    {"Fallback", ReadText<TypeId::kUtf8>},
}};

const Variant *FindVariant(JsonScanner &in, std::string_view name) {
    for (const Variant &variant : kVariants)
        if (variant.name == name) return &variant;
    std::string text = "unknown variant `" + std::string(name) + "`, expected one of ";
    for (const Variant &variant : kVariants) {
        if (&variant != &kVariants.front()) text += ", ";
        text += "`" + std::string(variant.name) + "`";
    }
    in.Error(text);
    return nullptr;
}

const Variant *ReadVariantName(JsonScanner &in) {
    std::string_view name;
    if (in.Peek() != '"') {
        in.InvalidType("variant identifier");
        return nullptr;
    }
    return in.String(name) ? FindVariant(in, name) : nullptr;
}

// "Null", or another variant's bare name, which lacks its content.
bool ReadBareVariant(JsonScanner &in, Value &out) {
    const Variant *variant = ReadVariantName(in);
    if (variant == nullptr) return false;
    out = Value();
    if (variant->read == ReadNull) return true;
    in.EndMap();
    return in.Error("invalid type: unit variant, expected newtype variant");
}

}  // namespace

bool ReadTaggedValue(JsonScanner &in, Value &out) {
    const int opening = in.Peek();
    if (opening == '"') return ReadBareVariant(in, out);
    if (opening != '{') return in.PeekError(opening < 0 ? "EOF while parsing a value" : "expected value");
    in.Eat();
    const Variant *variant = ReadVariantName(in);
    if (variant == nullptr || !in.Colon() || !variant->read(in, out)) return false;
    const int closing = in.Peek();
    if (closing != '}') return in.Error(closing < 0 ? "EOF while parsing an object" : "expected value");
    in.Eat();
    return true;
}

}  // namespace kalam::devserver
