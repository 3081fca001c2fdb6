// See typed.h.
#include "devserver/sql/typed.h"

#include <charconv>

#include "devserver/sql/token.h"
#include "devserver/values/coerce.h"
#include "devserver/values/value_text.h"

namespace kalam::devserver::sql {
namespace {

std::string HexBlob(std::string_view bytes) {
    static constexpr char kDigits[] = "0123456789abcdef";
    std::string out = "x'";
    for (const char c : bytes) {
        out += kDigits[static_cast<unsigned char>(c) >> 4];
        out += kDigits[c & 15];
    }
    return out + "'";
}

std::string ConstantSql(const Value &value) {
    if (value.is_null()) return "NULL";
    if (IsText(value.id())) return QuoteText(value.bytes());
    if (value.id() == TypeId::kDecimal128) return QuoteText(DecimalText(value.as_decimal(), value.scale()));
    if (IsFloat(value.id())) {
        const std::string text = FloatText(value.as_double(), false);
        if (text == "inf") return "9e999";
        if (text == "-inf") return "-9e999";
        return text == "NaN" ? "NULL" : text;
    }
    if (IsBinary(value.id()) || value.id() == TypeId::kFixedSizeBinary || value.id() == TypeId::kEmbedding)
        return HexBlob(value.bytes());
    // The smallest integer has no literal: SQLite reads the digits before the sign.
    if (value.as_int() == INT64_MIN) return "(-9223372036854775807 - 1)";
    return std::to_string(value.as_int());
}

}  // namespace

std::string QuoteName(std::string_view name) {
    std::string out = "\"";
    for (const char c : name) {
        if (c == '"') out += '"';
        out += c;
    }
    return out + "\"";
}

std::string QuoteText(std::string_view text) {
    if (text.find('\0') != text.npos) return "CAST(" + HexBlob(text) + " AS TEXT)";
    std::string out = "'";
    for (const char c : text) {
        if (c == '\'') out += '\'';
        out += c;
    }
    return out + "'";
}

Typed Constant(const Value &value) {
    return Typed{
        .sql = ConstantSql(value), .type = value.type(), .nullable = value.is_null(), .constant = value};
}

std::string EncodeType(const DataType &type) {
    std::string out;
    for (const int part :
         {static_cast<int>(type.id), static_cast<int>(type.utc), static_cast<int>(type.precision),
          static_cast<int>(type.scale), static_cast<int>(type.size)})
        out += (out.empty() ? "" : ":") + std::to_string(part);
    return out;
}

DataType DecodeType(std::string_view text) {
    int parts[5] = {};
    const char *at = text.data(), *end = text.data() + text.size();
    for (int &part : parts) {
        at = std::from_chars(at, end, part).ptr;
        if (at != end) ++at;
    }
    return DataType{.id = static_cast<TypeId>(parts[0]),
                    .utc = parts[1] != 0,
                    .precision = static_cast<std::uint8_t>(parts[2]),
                    .scale = static_cast<std::int8_t>(parts[3]),
                    .size = parts[4]};
}

Typed CastTyped(const Typed &value, const DataType &type, bool lenient) {
    if (value.type == type) return value;
    if (value.constant) {
        const auto folded = CastValue(*value.constant, type);
        if (folded) return Constant(*folded);
        if (lenient) return Constant(Value::Null(type));
        throw SqlError{"Execution error: Optimizer rule 'simplify_expressions' failed\ncaused by\n" +
                       folded.error()};
    }
    return Typed{.sql = "kalam_cast(" + value.sql + ", '" + EncodeType(value.type) + "', '" +
                        EncodeType(type) + "', " + (lenient ? "1)" : "0)"),
                 .type = type,
                 .nullable = value.nullable || lenient};
}

std::string NumericSql(const Typed &value) {
    if (value.type.id == TypeId::kDecimal128) return "CAST(" + value.sql + " AS REAL)";
    if (IsText(value.type.id)) return CastTyped(value, Plain(TypeId::kFloat64), false).sql;
    return value.sql;
}

std::string TextSql(const Typed &value) {
    if (IsText(value.type.id) || value.type.id == TypeId::kNull) return value.sql;
    return CastTyped(value, Plain(TypeId::kUtf8), false).sql;
}

}  // namespace kalam::devserver::sql
