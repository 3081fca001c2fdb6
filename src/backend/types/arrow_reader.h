// Reads one Arrow IPC stream (schema, at most one record batch, end of stream) in place: verifies the
// FlatBuffers metadata and every buffer's bounds, offsets and sizes once, then hands out columns whose cells
// may be read without further checks. Unions, dictionaries, run-end encoded columns and list views raise 0A000.
// Called by fdw/ (through column_decoder.h) and functions/ (kalam_exec).
// The bytes come from the network: nothing in them is trusted, and garbage raises 08P01 "could not read the
// answer of the KalamDB server", never more.
//
//   const ArrowBatch *batch = OpenArrowBatch(frame);      // views into frame, which must outlive it
//   int field = batch->Find("id");
//   ... batch->columns[field], rows 0 .. batch->rows - 1
#pragma once

#include <string_view>

#include "backend/pg.h"

namespace kalam::backend::types {

// The physical forms cells have.
enum class ArrowKind : uint8_t {
    kNull,
    kBool,
    kInt,        // width bytes, is_signed
    kFloat,      // width 2, 4, 8
    kText,       // offsets of 4 bytes
    kLargeText,  // offsets of 8 bytes
    kTextView,   // views of 16 bytes
    kBinary,
    kLargeBinary,
    kBinaryView,
    kFixedBinary,  // width bytes
    kDecimal,      // width 16 or 32 bytes, precision, scale
    kDate,         // unit kDay (4 bytes) or kMilli (8)
    kTime,         // width 4 or 8, unit
    kTimestamp,    // 8 bytes, unit, zone
    kDuration,     // 8 bytes, unit
    kInterval,     // width 4 (months), 8 (days, ms), 16 (months, days, ns)
    kList,         // offsets of 4 bytes; children[0]
    kLargeList,
    kFixedList,  // width items a cell; children[0]
    kStruct,
    kMap,  // a list of key/value structs
};

inline constexpr int32_t kViewBytes = 16;

enum class ArrowUnit : uint8_t { kSecond, kMilli, kMicro, kNano, kDay };

// A verified column: every pointer is valid for `rows` cells. Views into the frame.
struct ArrowColumn {
    std::string_view name;  // UTF-8, unchecked
    ArrowKind kind;
    ArrowUnit unit;
    bool is_signed;
    int32_t width;  // see ArrowKind
    int32_t precision, scale;
    std::string_view zone;        // kTimestamp: empty for none
    std::string_view kalam_type;  // field metadata kalam_data_type (JSON); empty for none
    int64_t rows;
    const uint8_t *validity;  // a bit per cell, 1: has a value; null: all have
    const uint8_t *values;    // cells, or offsets, or views; null for kNull, kStruct, kFixedList
    const uint8_t *data;      // what offsets point into
    int64_t data_bytes;
    int variadic_count;  // kTextView, kBinaryView
    const std::string_view *variadic;
    int child_count;
    const ArrowColumn *children;

    bool IsNull(int64_t row) const {
        return kind == ArrowKind::kNull ||
               (validity != nullptr && (validity[row >> 3] >> (row & 7) & 1) == 0);
    }
};

struct ArrowBatch {
    int64_t rows;  // 0 too for a stream with a schema only
    int column_count;
    const ArrowColumn *columns;

    // The index of a field by its exact name (UTF-8), -1 if there is none.
    int Find(std::string_view name) const;
};

// `frame` is 8-byte aligned. The batch is palloc'd in the current context.
const ArrowBatch *OpenArrowBatch(std::string_view frame);

// How many rows a batch says it has; 0 for a stream without one. Nothing else of it is checked.
int64_t CountArrowRows(std::string_view frame);

// Raises 08P01 with the detail, a whole sentence.
[[noreturn]] void ThrowBadAnswer(const char *detail);

}  // namespace kalam::backend::types
