// The table of KalamDB's column types. See kalam_type.h.
#include "devserver/values/kalam_type.h"

#include <array>
#include <charconv>

namespace kalam::devserver {
namespace {

struct TypeRow {
    KalamKind kind;
    const char *sql;
    const char *json;
    DataType arrow;
};

constexpr DataType kUtcMicros{.id = TypeId::kTimestampUs, .utc = true};
constexpr DataType kSixteenBytes{.id = TypeId::kFixedSizeBinary, .size = 16};

// In the order of KalamKind. DECIMAL and EMBEDDING have parameters and are finished by code.
constexpr std::array<TypeRow, 17> kTypes = {{
    {KalamKind::kBoolean, "BOOLEAN", "Boolean", Plain(TypeId::kBoolean)},
    {KalamKind::kSmallInt, "SMALLINT", "SmallInt", Plain(TypeId::kInt16)},
    {KalamKind::kInt, "INT", "Int", Plain(TypeId::kInt32)},
    {KalamKind::kBigInt, "BIGINT", "BigInt", Plain(TypeId::kInt64)},
    {KalamKind::kFloat, "FLOAT", "Float", Plain(TypeId::kFloat32)},
    {KalamKind::kDouble, "DOUBLE", "Double", Plain(TypeId::kFloat64)},
    {KalamKind::kText, "TEXT", "Text", Plain(TypeId::kUtf8)},
    {KalamKind::kJson, "JSON", "Json", Plain(TypeId::kUtf8)},
    {KalamKind::kFile, "FILE", "File", Plain(TypeId::kUtf8)},
    {KalamKind::kDate, "DATE", "Date", Plain(TypeId::kDate32)},
    {KalamKind::kTime, "TIME", "Time", Plain(TypeId::kTime64)},
    {KalamKind::kTimestamp, "TIMESTAMP", "Timestamp", Plain(TypeId::kTimestampUs)},
    {KalamKind::kDateTime, "DATETIME", "DateTime", kUtcMicros},
    {KalamKind::kBytes, "BYTES", "Bytes", Plain(TypeId::kBinary)},
    {KalamKind::kUuid, "UUID", "Uuid", kSixteenBytes},
    {KalamKind::kDecimal, "DECIMAL", "Decimal", Plain(TypeId::kDecimal128)},
    {KalamKind::kEmbedding, "EMBEDDING", "Embedding", Plain(TypeId::kEmbedding)},
}};

const TypeRow &RowOf(KalamKind kind) {
    return kTypes[static_cast<std::size_t>(kind)];
}

// "(10, 2)" -> 10, 2. False when the text is not a parenthesised list of one or two small numbers.
bool ReadParameters(std::string_view text, int &first, int &second) {
    if (text.size() < 3 || text.front() != '(' || text.back() != ')') return false;
    const char *end = text.data() + text.size() - 1;
    auto [after, error] = std::from_chars(text.data() + 1, end, first);
    if (error != std::errc()) return false;
    if (after == end) return true;
    if (end - after < 3 || after[0] != ',' || after[1] != ' ') return false;
    auto [last, second_error] = std::from_chars(after + 2, end, second);
    return second_error == std::errc() && last == end;
}

}  // namespace

DataType ArrowType(const KalamType &type) {
    DataType arrow = RowOf(type.kind).arrow;
    arrow.precision = type.kind == KalamKind::kDecimal ? type.precision : 0;
    arrow.scale = type.kind == KalamKind::kDecimal ? static_cast<std::int8_t>(type.scale) : 0;
    if (type.kind == KalamKind::kEmbedding) arrow.size = type.dimension;
    return arrow;
}

std::string SqlName(const KalamType &type) {
    std::string name = RowOf(type.kind).sql;
    if (type.kind == KalamKind::kDecimal)
        name += "(" + std::to_string(type.precision) + ", " + std::to_string(type.scale) + ")";
    if (type.kind == KalamKind::kEmbedding) name += "(" + std::to_string(type.dimension) + ")";
    return name;
}

std::optional<KalamType> FromSqlName(std::string_view text) {
    const std::string_view name = text.substr(0, text.find('('));
    for (const TypeRow &row : kTypes) {
        if (row.sql != name) continue;
        KalamType type{.kind = row.kind};
        int first = 0, second = 0;
        const bool parameters = ReadParameters(text.substr(name.size()), first, second);
        const bool wanted = row.kind == KalamKind::kDecimal || row.kind == KalamKind::kEmbedding;
        if (parameters != wanted || (!wanted && name.size() != text.size())) return std::nullopt;
        if (row.kind == KalamKind::kDecimal) {
            type.precision = static_cast<std::uint8_t>(first);
            type.scale = static_cast<std::uint8_t>(second);
        } else {
            type.dimension = first;
        }
        return type;
    }
    return std::nullopt;
}

std::string MetadataJson(const KalamType &type) {
    const std::string name = std::string("\"") + RowOf(type.kind).json + "\"";
    if (type.kind == KalamKind::kDecimal)
        return "{" + name + ":{\"precision\":" + std::to_string(type.precision) +
               ",\"scale\":" + std::to_string(type.scale) + "}}";
    if (type.kind == KalamKind::kEmbedding) return "{" + name + ":" + std::to_string(type.dimension) + "}";
    return name;
}

bool UsableAsKey(const KalamType &type) {
    return type.kind <= KalamKind::kFile;
}

}  // namespace kalam::devserver
