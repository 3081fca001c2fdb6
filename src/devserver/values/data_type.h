// The Arrow types that cells travel and are stored as, with the names KalamDB prints in its error texts.
// Called by values, arrow, sql and the service. Pure values, no state.
#pragma once

#include <cstdint>
#include <string>

namespace kalam::devserver {

enum class TypeId : std::uint8_t {
    kNull,
    kBoolean,
    kInt8,
    kInt16,
    kInt32,
    kInt64,
    kUInt8,
    kUInt16,
    kUInt32,
    kUInt64,
    kFloat32,
    kFloat64,
    kUtf8,
    kLargeUtf8,
    kBinary,
    kLargeBinary,
    kFixedSizeBinary,  // size = bytes
    kDate32,           // days since 1970-01-01
    kTime64,           // microseconds since midnight
    kTimestampMs,      // since the Unix epoch; utc says whether the type names the zone "UTC"
    kTimestampUs,
    kTimestampNs,
    kDecimal128,  // precision, scale
    kEmbedding,   // FixedSizeList of Float32; size = elements
};

// One Arrow type. Members that a type does not use are 0.
struct DataType {
    TypeId id = TypeId::kNull;
    bool utc = false;
    std::uint8_t precision = 0;
    std::int8_t scale = 0;
    std::int32_t size = 0;

    bool operator==(const DataType &) const = default;
};

constexpr DataType Plain(TypeId id) {
    return DataType{.id = id};
}
constexpr DataType DecimalType(int precision, int scale) {
    return DataType{.id = TypeId::kDecimal128,
                    .precision = static_cast<std::uint8_t>(precision),
                    .scale = static_cast<std::int8_t>(scale)};
}

// Families, for code that treats their members alike.
bool IsInteger(TypeId id);  // signed or unsigned
bool IsFloat(TypeId id);
bool IsText(TypeId id);
bool IsBinary(TypeId id);  // variable length
bool IsTimestamp(TypeId id);
bool IsNumeric(TypeId id);  // integer, float or decimal

// Range of an integer type, as two doubles would lose bits: the smallest value and the largest (of UInt64 as
// unsigned).
struct IntegerRange {
    std::int64_t low;
    std::uint64_t high;
};
IntegerRange RangeOf(TypeId integer_type);

// Arrow's name of the type, as error texts print it: Int32, Decimal128(10, 2), Timestamp(µs, "UTC").
// nullable_items says whether an embedding's elements print as nullable (values do, columns do not).
std::string DisplayName(const DataType &type, bool nullable_items = false);

}  // namespace kalam::devserver
