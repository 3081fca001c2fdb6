// Rows as tagged JSON. Binding makes the fixed pieces (names and tags); encoding a cell appends its prefix, its
// value and its suffix, chosen by a function pointer.
#include "backend/types/row_encoder.h"

extern "C" {
#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/timestamp.h"
#include "utils/uuid.h"
}

#include <array>
#include <cmath>

#include "backend/types/epoch.h"
#include "backend/types/json_text.h"
#include "backend/types/number_text.h"
#include "backend/types/text.h"

namespace kalam::backend::types {

using EncodeFunction = void (*)(StringInfo out, const EncodeCell &cell, Datum value);

struct EncodeCell {
    int index;  // of the value
    EncodeFunction encode;
    std::string_view prefix;  // ,"col":{"Int64":"
    std::string_view key;     // the part of prefix up to and with the colon
    std::string_view suffix;  // "}
    const char *column_name;
    ColumnType type;
    bool prints_text;          // calls an output function
    bool prints_object_names;  // and what it prints depends on search_path
};

namespace {

// ---- refusals
// ---------------------------------------------------------------------------------------------

[[noreturn]] void Refuse(const EncodeCell &cell, int sqlstate, const char *what) {
    ereport(ERROR, errcode(sqlstate),
            errmsg("KalamDB cannot store %s in column \"%s\"", what, cell.column_name));
}

[[noreturn]] void RefuseInteger(const EncodeCell &cell, int64_t value) {
    ereport(ERROR, errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
            errmsg("value " INT64_FORMAT " of column \"%s\" is out of range for KalamDB type %s", value,
                   cell.column_name, RemoteTypeText(cell.type)));
}

// ---- one function per way of travelling
// -------------------------------------------------------------------

void EncodeBool(StringInfo out, const EncodeCell &, Datum value) {
    AppendBytes(out, DatumGetBool(value) ? "true" : "false");
}

int64_t IntegerOf(LocalKind kind, Datum value) {
    if (kind == LocalKind::kInt2) return DatumGetInt16(value);
    if (kind == LocalKind::kInt4) return DatumGetInt32(value);
    return DatumGetInt64(value);
}

void EncodeInteger(StringInfo out, const EncodeCell &cell, Datum value) {
    const int64_t number = IntegerOf(cell.type.local, value);
    const RemoteKind remote = cell.type.remote.kind;
    const bool fits = remote == RemoteKind::kBigInt ||
                      (remote == RemoteKind::kInt && number == static_cast<int32_t>(number)) ||
                      (remote == RemoteKind::kSmallInt && number == static_cast<int16_t>(number));
    if (!fits) RefuseInteger(cell, number);
    AppendInt64(out, number);
}

// The server keeps no negative zero in its number columns, so none is sent: both zeros are equal anyway.
template <typename Float>
Float WithoutNegativeZero(Float number) {
    return number == 0 ? 0 : number;
}

void EncodeFloat(StringInfo out, const EncodeCell &cell, Datum value) {
    const float number = WithoutNegativeZero(DatumGetFloat4(value));
    if (!std::isfinite(number))
        Refuse(cell, ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE, std::isnan(number) ? "NaN" : "an infinite number");
    AppendFloatForSimpleReader(out, number);
}

// The whole value with its tag: numbers that the server's JSON reader would miss by a bit travel as text, which
// it casts exactly.
void EncodeDouble(StringInfo out, const EncodeCell &cell, Datum value) {
    const double number = WithoutNegativeZero(DatumGetFloat8(value));
    if (!std::isfinite(number))
        Refuse(cell, ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE, std::isnan(number) ? "NaN" : "an infinite number");
    const DoubleText text = TextOfDouble(number);
    if (text.survives_simple_reader) {
        AppendBytes(out, "{\"Float64\":");
        AppendBytes(out, {text.text, static_cast<size_t>(text.size)});
        AppendBytes(out, "}");
    } else {
        // The spelling of keys (AppendKeyText), so that a transaction finds the row it staged.
        AppendBytes(out, "{\"Utf8\":\"");
        AppendDoubleWithoutExponent(out, number);
        AppendBytes(out, "\"}");
    }
}

void EncodeText(StringInfo out, const EncodeCell &cell, Datum value) {
    AppendEscaped(out, ToUtf8(TextOf(cell.type, value)));
}

void EncodeDate(StringInfo out, const EncodeCell &cell, Datum value) {
    int32_t days;
    if (!ToUnixDays(DatumGetDateADT(value), &days))
        Refuse(cell, ERRCODE_DATETIME_VALUE_OUT_OF_RANGE, "an infinite date");
    AppendInt64(out, days);
}

void EncodeTime(StringInfo out, const EncodeCell &, Datum value) {
    AppendInt64(out, DatumGetTimeADT(value));
}

// Timestamps with and without time zone: both count microseconds of UTC.
void EncodeTimestamp(StringInfo out, const EncodeCell &cell, Datum value) {
    const Timestamp timestamp = DatumGetTimestamp(value);
    int64_t micros;
    if (!ToUnixMicros(timestamp, &micros))
        Refuse(
            cell, ERRCODE_DATETIME_VALUE_OUT_OF_RANGE,
            TIMESTAMP_NOT_FINITE(timestamp) ? "an infinite timestamp" : "a timestamp after January 294247");
    AppendInt64(out, micros);
}

// Numbers of bytes, comma-separated.
void AppendByteNumbers(StringInfo out, const uint8_t *bytes, size_t size) {
    constexpr size_t kMaxPerByte = 4;
    if (size > MaxAllocSize / kMaxPerByte)
        ereport(ERROR, errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
                errmsg("binary value is too large for KalamDB"));
    enlargeStringInfo(out, static_cast<int>(size * kMaxPerByte) + 1);
    char *at = out->data + out->len;
    for (size_t i = 0; i < size; ++i) {
        const unsigned value = bytes[i];
        if (value >= 100) *at++ = static_cast<char>('0' + value / 100);
        if (value >= 10) *at++ = static_cast<char>('0' + value / 10 % 10);
        *at++ = static_cast<char>('0' + value % 10);
        *at++ = ',';
    }
    if (size > 0) --at;
    *at = '\0';
    out->len = static_cast<int>(at - out->data);
}

void EncodeBytea(StringInfo out, const EncodeCell &, Datum value) {
    const struct varlena *bytes = PG_DETOAST_DATUM_PACKED(value);
    AppendByteNumbers(out, reinterpret_cast<const uint8_t *>(VARDATA_ANY(bytes)), VARSIZE_ANY_EXHDR(bytes));
}

void EncodeUuid(StringInfo out, const EncodeCell &, Datum value) {
    AppendByteNumbers(out, DatumGetUUIDP(value)->data, UUID_LEN);
}

void EncodeNumeric(StringInfo out, const EncodeCell &cell, Datum value) {
    const char *text = DatumGetCString(DirectFunctionCall1(numeric_out, value));
    if (text[0] == 'N') Refuse(cell, ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE, "NaN");
    if (text[0] == 'I' || text[1] == 'I')
        Refuse(cell, ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE, "an infinite number");
    char digits[kDecimalDigitsBytes];
    int size;
    if (!UnscaledDigits(text, cell.type.remote.precision, cell.type.remote.scale, digits, &size))
        ereport(ERROR, errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
                errmsg("value of column \"%s\" has more digits than KalamDB type %s", cell.column_name,
                       RemoteTypeText(cell.type)));
    appendBinaryStringInfo(out, digits, size);
}

void AppendEmbeddingItem(StringInfo out, const EncodeCell &cell, float item) {
    if (!std::isfinite(item))
        Refuse(cell, ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE, std::isnan(item) ? "NaN" : "an infinite number");
    AppendFloatForSimpleReader(out, item);
}

void CheckDimension(const EncodeCell &cell, int dimension) {
    if (dimension != cell.type.remote.dimension)
        ereport(ERROR, errcode(ERRCODE_DATA_EXCEPTION),
                errmsg("column \"%s\" takes %d dimensions, not %d", cell.column_name,
                       cell.type.remote.dimension, dimension));
}

void EncodeFloatArray(StringInfo out, const EncodeCell &cell, Datum value) {
    ArrayType *array = DatumGetArrayTypeP(value);
    if (ARR_NDIM(array) > 1 || (ARR_NDIM(array) == 1 && ARR_LBOUND(array)[0] != 1))
        Refuse(cell, ERRCODE_DATA_EXCEPTION, "an array that is not one-dimensional from 1");
    if (array_contains_nulls(array)) Refuse(cell, ERRCODE_NULL_VALUE_NOT_ALLOWED, "an array with NULLs");
    const int count = ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array));
    CheckDimension(cell, count);
    const auto *items = reinterpret_cast<const float *>(ARR_DATA_PTR(array));
    for (int i = 0; i < count; ++i) {
        if (i > 0) appendStringInfoCharMacro(out, ',');
        AppendEmbeddingItem(out, cell, items[i]);
    }
}

// pgvector prints [1,2.5,3] with the shortest digits; the items are read and printed again so that each is one
// that the server reads back.
void EncodeVector(StringInfo out, const EncodeCell &cell, Datum value) {
    const char *at = OidOutputFunctionCall(cell.type.output_function, value);
    int count = 0;
    while (*at == '[' || *at == ',') {
        if (count++ > 0) appendStringInfoCharMacro(out, ',');
        char *end;
        AppendEmbeddingItem(out, cell, std::strtof(at + 1, &end));
        at = end;
    }
    CheckDimension(cell, count);
}

// ---- binding
// ----------------------------------------------------------------------------------------------

struct Codec {
    EncodeFunction encode;
    std::string_view open, close;
};

Codec TimestampCodec(RemoteKind remote) {
    constexpr std::string_view kOpen = "{\"TimestampMicrosecond\":{\"value\":";
    if (remote == RemoteKind::kDateTime) return {EncodeTimestamp, kOpen, ",\"timezone\":\"UTC\"}}"};
    return {EncodeTimestamp, kOpen, ",\"timezone\":null}}"};
}

Codec IntegerCodec(RemoteKind remote) {
    if (remote == RemoteKind::kSmallInt) return {EncodeInteger, "{\"Int16\":", "}"};
    if (remote == RemoteKind::kInt) return {EncodeInteger, "{\"Int32\":", "}"};
    return {EncodeInteger, "{\"Int64\":\"", "\"}"};
}

Codec DecimalCodec(const RemoteType &type) {
    return {EncodeNumeric, "{\"Decimal128\":{\"value\":\"",
            psprintf("\",\"precision\":%d,\"scale\":%d}}", type.precision, type.scale)};
}

Codec EmbeddingCodec(EncodeFunction encode, const RemoteType &type) {
    return {encode, psprintf("{\"Embedding\":{\"size\":%d,\"values\":[", type.dimension), "]}}"};
}

Codec CodecOf(const ColumnType &type) {
    switch (type.local) {
        case LocalKind::kBool:
            return {EncodeBool, "{\"Boolean\":", "}"};
        case LocalKind::kInt2:
        case LocalKind::kInt4:
        case LocalKind::kInt8:
            return IntegerCodec(type.remote.kind);
        case LocalKind::kFloat4:
            return {EncodeFloat, "{\"Float32\":", "}"};
        case LocalKind::kFloat8:
            return {EncodeDouble, "", ""};
        case LocalKind::kDate:
            return {EncodeDate, "{\"Date32\":", "}"};
        case LocalKind::kTime:
            return {EncodeTime, "{\"Time64Microsecond\":", "}"};
        case LocalKind::kTimestamp:
        case LocalKind::kTimestampTz:
            return TimestampCodec(type.remote.kind);
        case LocalKind::kBytea:
            return {EncodeBytea, "{\"Binary\":[", "]}"};
        case LocalKind::kUuid:
            return {EncodeUuid, "{\"FixedSizeBinary\":{\"size\":16,\"value\":[", "]}}"};
        case LocalKind::kNumeric:
            return DecimalCodec(type.remote);
        case LocalKind::kFloat4Array:
            return EmbeddingCodec(EncodeFloatArray, type.remote);
        case LocalKind::kVector:
            return EmbeddingCodec(EncodeVector, type.remote);
        case LocalKind::kVarlenaText:
        case LocalKind::kBpchar:
        case LocalKind::kName:
        case LocalKind::kOther:
            break;
    }
    return {EncodeText, "{\"Utf8\":\"", "\"}"};
}

EncodeCell BindCell(const EncodeColumn &column) {
    const Codec codec = CodecOf(column.type);
    StringInfoData prefix;
    initStringInfo(&prefix);
    AppendBytes(&prefix, ",\"");
    AppendEscaped(&prefix, ToUtf8(column.remote_name));
    AppendBytes(&prefix, "\":");
    const auto key_size = static_cast<size_t>(prefix.len);
    AppendBytes(&prefix, codec.open);
    const std::string_view whole(prefix.data, static_cast<size_t>(prefix.len));
    const bool prints_text = column.type.local == LocalKind::kOther;
    return {.index = column.attnum - 1,
            .encode = codec.encode,
            .prefix = whole,
            .key = whole.substr(0, key_size),
            .suffix = codec.close,
            .column_name = pstrdup(column.remote_name),
            .type = column.type,
            .prints_text = prints_text,
            .prints_object_names = prints_text && PrintsObjectNames(column.type.base)};
}

void AppendCell(StringInfo out, const EncodeCell &cell, bool first, Datum value, bool is_null) {
    const size_t comma = first ? 1 : 0;  // the prefix begins with one
    if (is_null) {
        AppendBytes(out, cell.key.substr(comma));
        AppendBytes(out, "\"Null\"");
        return;
    }
    AppendBytes(out, cell.prefix.substr(comma));
    cell.encode(out, cell, value);
    AppendBytes(out, cell.suffix);
}

}  // namespace

template <typename Wanted>
static void EncodeRow(const RowEncoder &encoder, StringInfo out, const Datum *values, const bool *nulls,
                      Wanted wanted) {
    const int modes = encoder.prints_text ? EnterTextModes(encoder.prints_object_names) : kNoTextModes;
    bool first = true;
    appendStringInfoCharMacro(out, '{');
    for (int i = 0; i < encoder.count; ++i) {
        const EncodeCell &cell = encoder.cells[i];
        if (!wanted(cell)) continue;
        AppendCell(out, cell, first, values[cell.index], nulls[cell.index]);
        first = false;
    }
    appendStringInfoCharMacro(out, '}');
    LeaveTextModes(modes);
}

void RowEncoder::Encode(StringInfo out, const Datum *values, const bool *nulls) const {
    EncodeRow(*this, out, values, nulls, [](const EncodeCell &) { return true; });
}

void RowEncoder::EncodeSome(StringInfo out, const Datum *values, const bool *nulls,
                            const Bitmapset *only) const {
    EncodeRow(*this, out, values, nulls,
              [only](const EncodeCell &cell) { return bms_is_member(cell.index + 1, only); });
}

const RowEncoder *MakeRowEncoder(std::span<const EncodeColumn> columns) {
    auto *encoder = static_cast<RowEncoder *>(palloc0(sizeof(RowEncoder)));
    auto *cells = static_cast<EncodeCell *>(palloc(sizeof(EncodeCell) * (columns.size() + 1)));
    for (const EncodeColumn &column : columns) {
        const EncodeCell &cell = cells[encoder->count++] = BindCell(column);
        encoder->prints_text |= cell.prints_text;
        encoder->prints_object_names |= cell.prints_object_names;
    }
    encoder->cells = cells;
    return encoder;
}

}  // namespace kalam::backend::types
