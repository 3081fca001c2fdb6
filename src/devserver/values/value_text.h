// Values as text and text as values: keys, filter literals, times, and the order of values.
// Called by the typed handlers (pk_value, filters), coercion, and the SQL functions. No state.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "devserver/values/result.h"
#include "devserver/values/value.h"

namespace kalam::devserver {

// The text Arrow's cast to Utf8 gives: 9, 0.5, true, 2024-01-02T03:04:05.678901, 3.50, 00010203-... for
// FixedSizeBinary(16) only when uuid is asked for (else hex). "NULL" for NULL. Keys in error texts print this
// way.
std::string ToText(const Value &value);

// The text by which a transaction knows a row's key: as ToText, but floats without an exponent or a needless point (1,
// 0.0000001).
std::string StagedKeyText(const Value &value);

// A key as the typed RPCs write it (pk_value): integers and floats parsed, booleans exactly true or false,
// everything else text. Failure: "Failed to parse 'x7' as Int64: invalid digit found in string".
Result<Value> ParseKey(std::string_view text, const DataType &type);

// -1, 0, 1. Texts compare by bytes, numbers by value across integer and float types, NULL after everything.
int Compare(const Value &a, const Value &b);
std::size_t HashValue(const Value &value);  // equal keys of one type have equal hashes

// Times as text. Days and microseconds since 1970-01-01; microseconds since midnight. Out-of-range years
// print as they are.
std::string DateText(std::int64_t days);
std::string TimeText(std::int64_t micros);                 // 23:59:59.500
std::string TimestampText(std::int64_t micros, bool utc);  // 2024-01-02T03:04:05.678901, with Z when utc
std::string DecimalText(Int128 unscaled, int scale);
std::string UuidText(std::string_view sixteen_bytes);
std::string FloatText(double v,
                      bool single);  // shortest text that reads back the same, always with a point: 3.0

// Text as times, the forms Arrow accepts; an explicit offset is applied. Failures are texts without "Arrow
// error: ".
Result<std::int64_t> ParseDate(std::string_view text);
Result<std::int64_t> ParseTime(std::string_view text);
Result<std::int64_t> ParseTimestamp(std::string_view text);
std::optional<std::string> ParseUuid(
    std::string_view text);  // sixteen bytes; hyphenated, plain, {braced}, urn:uuid:

}  // namespace kalam::devserver
