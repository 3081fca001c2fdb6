// Families, ranges and printed names of the Arrow types. See data_type.h.
#include "devserver/values/data_type.h"

#include <limits>

namespace kalam::devserver {

bool IsInteger(TypeId id) {
    return id >= TypeId::kInt8 && id <= TypeId::kUInt64;
}

bool IsFloat(TypeId id) {
    return id == TypeId::kFloat32 || id == TypeId::kFloat64;
}

bool IsText(TypeId id) {
    return id == TypeId::kUtf8 || id == TypeId::kLargeUtf8;
}

bool IsBinary(TypeId id) {
    return id == TypeId::kBinary || id == TypeId::kLargeBinary;
}

bool IsTimestamp(TypeId id) {
    return id >= TypeId::kTimestampMs && id <= TypeId::kTimestampNs;
}

bool IsNumeric(TypeId id) {
    return IsInteger(id) || IsFloat(id) || id == TypeId::kDecimal128;
}

namespace {

template <typename T>
constexpr IntegerRange Range() {
    return {static_cast<std::int64_t>(std::numeric_limits<T>::min()),
            static_cast<std::uint64_t>(std::numeric_limits<T>::max())};
}

std::string TimestampName(const char *unit, bool utc) {
    return std::string("Timestamp(") + unit + (utc ? ", Some(\"UTC\"))" : ", None)");
}

std::string SizedName(const DataType &type, bool nullable_items) {
    switch (type.id) {
        case TypeId::kFixedSizeBinary:
            return "FixedSizeBinary(" + std::to_string(type.size) + ")";
        case TypeId::kDecimal128:
            return "Decimal128(" + std::to_string(type.precision) + ", " + std::to_string(type.scale) + ")";
        default:
            return std::string("FixedSizeList(Field { data_type: Float32") +
                   (nullable_items ? ", nullable: true" : "") + " }, " + std::to_string(type.size) + ")";
    }
}

}  // namespace

IntegerRange RangeOf(TypeId integer_type) {
    switch (integer_type) {
        case TypeId::kInt8:
            return Range<std::int8_t>();
        case TypeId::kInt16:
            return Range<std::int16_t>();
        case TypeId::kInt32:
            return Range<std::int32_t>();
        case TypeId::kUInt8:
            return Range<std::uint8_t>();
        case TypeId::kUInt16:
            return Range<std::uint16_t>();
        case TypeId::kUInt32:
            return Range<std::uint32_t>();
        case TypeId::kUInt64:
            return Range<std::uint64_t>();
        default:
            return Range<std::int64_t>();
    }
}

std::string DisplayName(const DataType &type, bool nullable_items) {
    static constexpr const char *kNames[] = {
        "Null",   "Boolean", "Int8",    "Int16",   "Int32", "Int64",     "UInt8",  "UInt16",
        "UInt32", "UInt64",  "Float32", "Float64", "Utf8",  "LargeUtf8", "Binary", "LargeBinary"};
    if (type.id <= TypeId::kLargeBinary) return kNames[static_cast<int>(type.id)];
    switch (type.id) {
        case TypeId::kDate32:
            return "Date32";
        case TypeId::kTime64:
            return "Time64(Microsecond)";
        case TypeId::kTimestampMs:
            return TimestampName("Millisecond", type.utc);
        case TypeId::kTimestampUs:
            return TimestampName("Microsecond", type.utc);
        case TypeId::kTimestampNs:
            return TimestampName("Nanosecond", type.utc);
        default:
            return SizedName(type, nullable_items);
    }
}

}  // namespace kalam::devserver
