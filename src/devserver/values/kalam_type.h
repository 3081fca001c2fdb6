// The column types of KalamDB: their SQL names, their Arrow counterparts and their spelling in field
// metadata. Called by the DDL parser, the catalog and the Arrow writer. Pure values, no state.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "devserver/values/data_type.h"

namespace kalam::devserver {

enum class KalamKind : std::uint8_t {
    kBoolean,
    kSmallInt,
    kInt,
    kBigInt,
    kFloat,
    kDouble,
    kText,
    kJson,
    kFile,
    kDate,
    kTime,
    kTimestamp,
    kDateTime,
    kBytes,
    kUuid,
    kDecimal,    // precision, scale
    kEmbedding,  // dimension
};

struct KalamType {
    KalamKind kind = KalamKind::kText;
    std::uint8_t precision = 0;
    std::uint8_t scale = 0;
    std::int32_t dimension = 0;

    bool operator==(const KalamType &) const = default;
};

// The Arrow type of a column of this type (kalamdb-facts 3.3).
DataType ArrowType(const KalamType &type);

// BIGINT, DECIMAL(10, 2), EMBEDDING(3): as system.columns and ALTER TABLE's answers print it.
std::string SqlName(const KalamType &type);
// Reads what SqlName wrote; nothing for other text.
std::optional<KalamType> FromSqlName(std::string_view text);

// The value of the field metadata key kalam_data_type: "BigInt" (with quotes),
// {"Decimal":{"precision":10,"scale":2}}.
std::string MetadataJson(const KalamType &type);

// May a column of this type be the key of a stored row? Others are created and refuse every insert.
bool UsableAsKey(const KalamType &type);

}  // namespace kalam::devserver
