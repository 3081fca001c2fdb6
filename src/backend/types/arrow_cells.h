// Reads single cells of verified columns as plain values. Used by the decoders and the printers; the caller
// has looked at the column's kind and at IsNull.
#pragma once

#include "backend/types/arrow_reader.h"
#include "backend/types/bytes.h"

namespace kalam::backend::types {

inline bool BitAt(const ArrowColumn &column, int64_t row) {
    return (column.values[row >> 3] >> (row & 7) & 1) != 0;
}

// A signed integer of any width; an unsigned one comes as the bits of uint64_t.
inline int64_t IntegerAt(const ArrowColumn &column, int64_t row) {
    switch (column.width) {
        case 1:
            return column.is_signed ? LoadAt<int8_t>(column.values, row)
                                    : LoadAt<uint8_t>(column.values, row);
        case 2:
            return column.is_signed ? LoadAt<int16_t>(column.values, row)
                                    : LoadAt<uint16_t>(column.values, row);
        case 4:
            return column.is_signed ? int64_t{LoadAt<int32_t>(column.values, row)}
                                    : int64_t{LoadAt<uint32_t>(column.values, row)};
        default:
            return LoadAt<int64_t>(column.values, row);
    }
}

inline bool IsHugeUnsigned(const ArrowColumn &column, int64_t integer) {
    return !column.is_signed && column.width == 8 && integer < 0;
}

// 16-bit floats: sign, 5 bits of exponent, 10 of fraction.
double HalfToDouble(uint16_t half);

inline double FloatAt(const ArrowColumn &column, int64_t row) {
    if (column.width == 8) return LoadAt<double>(column.values, row);
    if (column.width == 4) return LoadAt<float>(column.values, row);
    return HalfToDouble(LoadAt<uint16_t>(column.values, row));
}

// Dates, times, timestamps, durations, in the column's unit.
inline int64_t TicksAt(const ArrowColumn &column, int64_t row) {
    return column.width == 4 ? LoadAt<int32_t>(column.values, row) : LoadAt<int64_t>(column.values, row);
}

inline __int128 DecimalAt(const ArrowColumn &column, int64_t row) {
    return LoadAt<__int128>(column.values, row);
}

struct CellRange {
    int64_t from, to;
};

// The items of a list's cell in its child, or the bytes of a text's cell in its data.
inline CellRange RangeAt(const ArrowColumn &column, int64_t row) {
    if (column.kind == ArrowKind::kFixedList) return {row * column.width, (row + 1) * column.width};
    if (column.width == 4)
        return {LoadAt<int32_t>(column.values, row), LoadAt<int32_t>(column.values, row + 1)};
    return {LoadAt<int64_t>(column.values, row), LoadAt<int64_t>(column.values, row + 1)};
}

// The bytes of a text or binary cell of any layout.
inline std::string_view BytesAt(const ArrowColumn &column, int64_t row) {
    if (column.kind == ArrowKind::kFixedBinary)
        return {reinterpret_cast<const char *>(column.values) + row * column.width,
                static_cast<size_t>(column.width)};
    if (column.kind == ArrowKind::kTextView || column.kind == ArrowKind::kBinaryView) {
        const uint8_t *view = column.values + row * kViewBytes;
        const auto size = Load<uint32_t>(view);
        if (size <= 12) return {reinterpret_cast<const char *>(view) + 4, size};
        return column.variadic[Load<uint32_t>(view + 8)].substr(Load<uint32_t>(view + 12), size);
    }
    const CellRange range = RangeAt(column, row);
    return {reinterpret_cast<const char *>(column.data) + range.from,
            static_cast<size_t>(range.to - range.from)};
}

inline bool IsText(const ArrowColumn &column) {
    return column.kind == ArrowKind::kText || column.kind == ArrowKind::kLargeText ||
           column.kind == ArrowKind::kTextView;
}

inline bool IsBinary(const ArrowColumn &column) {
    return column.kind == ArrowKind::kBinary || column.kind == ArrowKind::kLargeBinary ||
           column.kind == ArrowKind::kBinaryView || column.kind == ArrowKind::kFixedBinary;
}

inline constexpr int kUuidBytes = 16;

inline bool IsUuid(const ArrowColumn &column) {
    return column.kind == ArrowKind::kFixedBinary && column.width == kUuidBytes;
}

}  // namespace kalam::backend::types
