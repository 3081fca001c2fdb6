// The ways from an Arrow cell to a Datum, one function each. Private to column_decoder.cc, which guarantees that
// the column has a kind that the function reads and that the cell is not NULL.
#pragma once

#include "backend/types/column_decoder.h"

namespace kalam::backend::types {

Datum DecodeBool(const ColumnDecoder &decoder, int64_t row);
Datum DecodeInt2(const ColumnDecoder &decoder, int64_t row);
Datum DecodeInt4(const ColumnDecoder &decoder, int64_t row);
Datum DecodeInt8(const ColumnDecoder &decoder, int64_t row);
Datum DecodeInteger(const ColumnDecoder &decoder, int64_t row);  // another width: raises 22003
Datum DecodeFloat4(const ColumnDecoder &decoder, int64_t row);
Datum DecodeFloat8(const ColumnDecoder &decoder, int64_t row);
Datum DecodeFloat8FromNarrower(const ColumnDecoder &decoder, int64_t row);
Datum DecodeFloat4Exactly(const ColumnDecoder &decoder, int64_t row);  // raises 22003 instead of rounding
Datum DecodeText(const ColumnDecoder &decoder, int64_t row);           // ArrowKind::kText
Datum DecodeValidText(const ColumnDecoder &decoder,
                      int64_t row);  // of a column without limits whose text is valid
Datum DecodeTextAnyLayout(const ColumnDecoder &decoder, int64_t row);
Datum DecodeName(const ColumnDecoder &decoder, int64_t row);          // raises 22001 instead of cutting
Datum DecodeThroughInput(const ColumnDecoder &decoder, int64_t row);  // the type's input function
Datum DecodeDate(const ColumnDecoder &decoder, int64_t row);
Datum DecodeTime(const ColumnDecoder &decoder, int64_t row);
Datum DecodeTimestampMicros(const ColumnDecoder &decoder, int64_t row);
Datum DecodeTimestamp(const ColumnDecoder &decoder, int64_t row);  // other units
Datum DecodeBytea(const ColumnDecoder &decoder, int64_t row);
Datum DecodeUuid(const ColumnDecoder &decoder, int64_t row);
Datum DecodeNumeric(const ColumnDecoder &decoder, int64_t row);  // decimals of 128 bits and integers
Datum DecodeFloatArray(const ColumnDecoder &decoder, int64_t row);
Datum DecodeVector(const ColumnDecoder &decoder, int64_t row);

// Whether the function calls decoder.input.
bool NeedsInput(ColumnDecoder::DecodeFunction function);

}  // namespace kalam::backend::types
