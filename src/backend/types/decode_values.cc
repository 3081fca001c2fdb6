// Cells to Datums. By-value types cost a load; texts, byteas and uuids a copy, and no allocation where the column has a
// buffer; the rest one palloc.
#include "backend/types/decode_values.h"

extern "C" {
#include "catalog/pg_type.h"
#include "mb/pg_wchar.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/numeric.h"
#include "utils/timestamp.h"
#include "utils/uuid.h"
}

#include <array>
#include <limits>

#include "backend/types/arrow_cells.h"
#include "backend/types/arrow_text.h"
#include "backend/types/epoch.h"
#include "backend/types/number_text.h"

namespace kalam::backend::types {

namespace {

[[noreturn]] void ThrowOutOfRange(const ColumnDecoder &decoder, int sqlstate) {
    ereport(
        ERROR, errcode(sqlstate),
        errmsg("value of column \"%s\" on the KalamDB server is out of range for type %s",
               decoder.column_name, format_type_with_typemod(decoder.type.declared, decoder.type.typmod)));
}

[[noreturn]] void ThrowTooLong(const ColumnDecoder &decoder) {
    ereport(
        ERROR, errcode(ERRCODE_STRING_DATA_RIGHT_TRUNCATION),
        errmsg("value of column \"%s\" on the KalamDB server is too long for type %s", decoder.column_name,
               format_type_with_typemod(decoder.type.declared, decoder.type.typmod)));
}

// ---- memory

char *MemoryFor(const ColumnDecoder &decoder, size_t bytes) {
    constexpr size_t kLeastBytes = 64;
    CellBuffer *buffer = decoder.buffer;
    if (buffer == nullptr) return static_cast<char *>(palloc(bytes));
    if (bytes > buffer->capacity) {
        if (buffer->data != nullptr) pfree(buffer->data);
        *buffer = {.context = buffer->context, .data = nullptr, .capacity = 0};
        const size_t roomy = Max(bytes + bytes / 2, kLeastBytes);
        const size_t capacity = AllocSizeIsValid(roomy) ? roomy : bytes;
        buffer->data = static_cast<char *>(MemoryContextAlloc(buffer->context, capacity));
        buffer->capacity = capacity;
    }
    return buffer->data;
}

Datum MakeVarlena(const ColumnDecoder &decoder, const void *bytes, size_t size) {
    char *value = MemoryFor(decoder, size + VARHDRSZ);
    SET_VARSIZE(value, size + VARHDRSZ);
    std::memcpy(VARDATA(value), bytes, size);
    return PointerGetDatum(value);
}

// ---- text
// -------------------------------------------------------------------------------------------------

// The cell of a column of ArrowKind::kText: BytesAt (arrow_cells.h) without its choice of layouts.
std::string_view TextAt(const ArrowColumn &column, int64_t row) {
    const auto from = LoadAt<int32_t>(column.values, row);
    const auto to = LoadAt<int32_t>(column.values, row + 1);
    return {reinterpret_cast<const char *>(column.data) + from, static_cast<size_t>(to - from)};
}

Datum MakeText(const ColumnDecoder &decoder, std::string_view utf8) {
    const std::string_view text = FromUtf8(utf8);
    // varchar(n): as many bytes as characters may be cannot be too many characters.
    const int limit = decoder.type.base == VARCHAROID && decoder.type.typmod >= static_cast<int32>(VARHDRSZ)
                          ? decoder.type.typmod - static_cast<int32>(VARHDRSZ)
                          : PG_INT32_MAX;
    const int size = static_cast<int>(text.size());
    if (size > limit && pg_mbstrlen_with_len(text.data(), size) > limit) ThrowTooLong(decoder);
    return MakeVarlena(decoder, text.data(), text.size());
}

// ---- decimals
// ---------------------------------------------------------------------------------------------

constexpr std::array<__int128, kMaxDecimalDigits + 1> PowersOfTen() {
    std::array<__int128, kMaxDecimalDigits + 1> powers{};
    powers[0] = 1;
    for (size_t i = 1; i < powers.size(); ++i) powers[i] = powers[i - 1] * 10;
    return powers;
}

constexpr auto kPowersOfTen = PowersOfTen();

// Moves an unscaled number from one scale to another; false if that loses digits or overflows.
bool Rescale(__int128 *unscaled, int from, int to) {
    if (*unscaled == 0) return true;
    const int shift = to > from ? to - from : from - to;
    if (shift > kMaxDecimalDigits) return false;
    const __int128 power = kPowersOfTen[static_cast<size_t>(shift)];
    if (to >= from) return !__builtin_mul_overflow(*unscaled, power, unscaled);
    if (*unscaled % power != 0) return false;
    *unscaled /= power;
    return true;
}

Datum MakeNumeric(__int128 unscaled, int scale) {
    if (unscaled == static_cast<int64_t>(unscaled))
        return NumericGetDatum(int64_div_fast_to_numeric(static_cast<int64_t>(unscaled), scale));
    StringInfoData text;
    initStringInfo(&text);
    AppendDecimal(&text, unscaled, scale);
    const Datum result = DirectFunctionCall3(numeric_in, CStringGetDatum(text.data),
                                             ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1));
    pfree(text.data);
    return result;
}

// ---- times
// ------------------------------------------------------------------------------------------------

// Ticks of any unit as microseconds; false if that overflows or loses nanoseconds.
bool ToMicros(ArrowUnit unit, int64_t ticks, int64_t *micros) {
    switch (unit) {
        case ArrowUnit::kSecond:
            return !__builtin_mul_overflow(ticks, int64_t{1'000'000}, micros);
        case ArrowUnit::kMilli:
            return !__builtin_mul_overflow(ticks, int64_t{1000}, micros);
        case ArrowUnit::kNano:
            *micros = ticks / 1000;
            return ticks % 1000 == 0;
        default:
            *micros = ticks;
            return true;
    }
}

Datum MakeTimestamp(const ColumnDecoder &decoder, int64_t micros) {
    Timestamp timestamp;
    if (!FromUnixMicros(micros, &timestamp)) ThrowOutOfRange(decoder, ERRCODE_DATETIME_VALUE_OUT_OF_RANGE);
    return TimestampGetDatum(timestamp);
}

// ---- embeddings
// -------------------------------------------------------------------------------------------

// The floats of a cell, whose elements must all have values.
const uint8_t *FloatsOf(const ColumnDecoder &decoder, CellRange range) {
    const ArrowColumn &items = decoder.column->children[0];
    for (int64_t i = range.from; i < range.to && items.validity != nullptr; ++i)
        if (items.IsNull(i))
            ereport(
                ERROR, errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
                errmsg("embedding of column \"%s\" on the KalamDB server has a NULL", decoder.column_name));
    return items.values + range.from * static_cast<int64_t>(sizeof(float));
}

}  // namespace

Datum DecodeBool(const ColumnDecoder &decoder, int64_t row) {
    return BoolGetDatum(BitAt(*decoder.column, row));
}

Datum DecodeInt2(const ColumnDecoder &decoder, int64_t row) {
    return Int16GetDatum(LoadAt<int16_t>(decoder.column->values, row));
}

Datum DecodeInt4(const ColumnDecoder &decoder, int64_t row) {
    return Int32GetDatum(LoadAt<int32_t>(decoder.column->values, row));
}

Datum DecodeInt8(const ColumnDecoder &decoder, int64_t row) {
    return Int64GetDatum(LoadAt<int64_t>(decoder.column->values, row));
}

Datum DecodeInteger(const ColumnDecoder &decoder, int64_t row) {
    const int64_t value = IntegerAt(*decoder.column, row);
    const LocalKind local = decoder.type.local;
    const bool fits =
        !IsHugeUnsigned(*decoder.column, value) &&
        (local == LocalKind::kInt8 || (local == LocalKind::kInt4 && value == static_cast<int32_t>(value)) ||
         (local == LocalKind::kInt2 && value == static_cast<int16_t>(value)));
    if (!fits) ThrowOutOfRange(decoder, ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE);
    if (local == LocalKind::kInt2) return Int16GetDatum(static_cast<int16_t>(value));
    if (local == LocalKind::kInt4) return Int32GetDatum(static_cast<int32_t>(value));
    return Int64GetDatum(value);
}

Datum DecodeFloat4(const ColumnDecoder &decoder, int64_t row) {
    return Float4GetDatum(LoadAt<float>(decoder.column->values, row));
}

Datum DecodeFloat8(const ColumnDecoder &decoder, int64_t row) {
    return Float8GetDatum(LoadAt<double>(decoder.column->values, row));
}

Datum DecodeFloat8FromNarrower(const ColumnDecoder &decoder, int64_t row) {
    return Float8GetDatum(FloatAt(*decoder.column, row));
}

Datum DecodeFloat4Exactly(const ColumnDecoder &decoder, int64_t row) {
    const double value = FloatAt(*decoder.column, row);
    const auto narrow = static_cast<float>(value);
    if (static_cast<double>(narrow) != value && value == value)
        ThrowOutOfRange(decoder, ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE);
    return Float4GetDatum(narrow);
}

Datum DecodeText(const ColumnDecoder &decoder, int64_t row) {
    return MakeText(decoder, TextAt(*decoder.column, row));
}

Datum DecodeValidText(const ColumnDecoder &decoder, int64_t row) {
    const std::string_view text = TextAt(*decoder.column, row);
    return MakeVarlena(decoder, text.data(), text.size());
}

Datum DecodeTextAnyLayout(const ColumnDecoder &decoder, int64_t row) {
    return MakeText(decoder, BytesAt(*decoder.column, row));
}

Datum DecodeName(const ColumnDecoder &decoder, int64_t row) {
    const std::string_view text = FromUtf8(BytesAt(*decoder.column, row));
    // namein would cut it.
    if (text.size() >= NAMEDATALEN) ThrowTooLong(decoder);
    auto *name = static_cast<NameData *>(palloc0(sizeof(NameData)));
    text.copy(NameStr(*name), text.size());
    return NameGetDatum(name);
}

Datum DecodeThroughInput(const ColumnDecoder &decoder, int64_t row) {
    StringInfoData text;
    initStringInfo(&text);
    AppendCellText(&text, *decoder.column, row);
    const Datum result =
        InputFunctionCall(decoder.input, text.data, decoder.type.io_param, decoder.type.typmod);
    pfree(text.data);
    return result;
}

Datum DecodeDate(const ColumnDecoder &decoder, int64_t row) {
    constexpr int64_t kMillisPerDay = 86'400'000;
    int64_t days = TicksAt(*decoder.column, row);
    bool fits = true;
    if (decoder.column->unit == ArrowUnit::kMilli) {
        fits = days % kMillisPerDay == 0;
        days /= kMillisPerDay;
    }
    DateADT date;
    if (!fits || days != static_cast<int32_t>(days) || !FromUnixDays(static_cast<int32_t>(days), &date))
        ThrowOutOfRange(decoder, ERRCODE_DATETIME_VALUE_OUT_OF_RANGE);
    return DateADTGetDatum(date);
}

Datum DecodeTime(const ColumnDecoder &decoder, int64_t row) {
    int64_t micros;
    if (!ToMicros(decoder.column->unit, TicksAt(*decoder.column, row), &micros) || micros < 0 ||
        micros > USECS_PER_DAY)
        ThrowOutOfRange(decoder, ERRCODE_DATETIME_VALUE_OUT_OF_RANGE);
    return TimeADTGetDatum(micros);
}

Datum DecodeTimestampMicros(const ColumnDecoder &decoder, int64_t row) {
    return MakeTimestamp(decoder, LoadAt<int64_t>(decoder.column->values, row));
}

Datum DecodeTimestamp(const ColumnDecoder &decoder, int64_t row) {
    int64_t micros;
    if (!ToMicros(decoder.column->unit, TicksAt(*decoder.column, row), &micros))
        ThrowOutOfRange(decoder, ERRCODE_DATETIME_VALUE_OUT_OF_RANGE);
    return MakeTimestamp(decoder, micros);
}

Datum DecodeBytea(const ColumnDecoder &decoder, int64_t row) {
    const std::string_view bytes = BytesAt(*decoder.column, row);
    return MakeVarlena(decoder, bytes.data(), bytes.size());
}

Datum DecodeUuid(const ColumnDecoder &decoder, int64_t row) {
    auto *uuid = reinterpret_cast<pg_uuid_t *>(MemoryFor(decoder, sizeof(pg_uuid_t)));
    std::memcpy(uuid->data, decoder.column->values + row * UUID_LEN, UUID_LEN);
    return UUIDPGetDatum(uuid);
}

Datum DecodeNumeric(const ColumnDecoder &decoder, int64_t row) {
    const ArrowColumn &column = *decoder.column;
    const RemoteType &wanted = decoder.type.remote;
    __int128 unscaled;
    if (column.kind == ArrowKind::kInt) {
        const int64_t integer = IntegerAt(column, row);
        unscaled = IsHugeUnsigned(column, integer) ? __int128{static_cast<uint64_t>(integer)} : integer;
    } else {
        unscaled = DecimalAt(column, row);
    }
    const __int128 limit = kPowersOfTen[static_cast<size_t>(wanted.precision)];
    if (!Rescale(&unscaled, column.scale, wanted.scale) || unscaled >= limit || unscaled <= -limit)
        ThrowOutOfRange(decoder, ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE);
    return MakeNumeric(unscaled, wanted.scale);
}

Datum DecodeFloatArray(const ColumnDecoder &decoder, int64_t row) {
    const CellRange range = RangeAt(*decoder.column, row);
    const uint8_t *floats = FloatsOf(decoder, range);
    const auto count = static_cast<int>(range.to - range.from);
    if (count == 0) return PointerGetDatum(construct_empty_array(FLOAT4OID));
    const size_t bytes = static_cast<size_t>(count) * sizeof(float);
    const size_t size = ARR_OVERHEAD_NONULLS(1) + bytes;
    auto *array = static_cast<ArrayType *>(palloc0(size));
    SET_VARSIZE(array, size);
    array->ndim = 1;
    array->dataoffset = 0;
    array->elemtype = FLOAT4OID;
    ARR_DIMS(array)[0] = count;
    ARR_LBOUND(array)[0] = 1;
    std::memcpy(ARR_DATA_PTR(array), floats, bytes);
    return PointerGetDatum(array);
}

Datum DecodeVector(const ColumnDecoder &decoder, int64_t row) {
    const CellRange range = RangeAt(*decoder.column, row);
    const uint8_t *floats = FloatsOf(decoder, range);
    StringInfoData text;
    initStringInfo(&text);
    for (int64_t i = 0; i < range.to - range.from; ++i) {
        appendStringInfoChar(&text, i == 0 ? '[' : ',');
        AppendFloat(&text, LoadAt<float>(floats, i));
    }
    appendStringInfoChar(&text, ']');
    const Datum result =
        InputFunctionCall(decoder.input, text.data, decoder.type.io_param, decoder.type.typmod);
    pfree(text.data);
    return result;
}

bool NeedsInput(ColumnDecoder::DecodeFunction function) {
    return function == DecodeThroughInput || function == DecodeVector;
}

}  // namespace kalam::backend::types
