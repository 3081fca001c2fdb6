// Chooses how the cells of a column become Datums: a table of (what the local column is, what the server sent).
// The functions that do it are in decode_values.cc.
#include "backend/types/column_decoder.h"

extern "C" {
#include "catalog/pg_type.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
}

#include "backend/types/arrow_cells.h"
#include "backend/types/arrow_text.h"
#include "backend/types/decode_values.h"
#include "backend/types/valid_text.h"

namespace kalam::backend::types {

namespace {

using DecodeFunction = ColumnDecoder::DecodeFunction;

bool IsIntegerLike(const ArrowColumn &column) {
    return column.kind == ArrowKind::kInt;
}

bool IsNarrowDecimal(const ArrowColumn &column) {
    return column.kind == ArrowKind::kDecimal && column.width == 16;
}

bool IsFloatList(const ArrowColumn &column) {
    return column.kind == ArrowKind::kFixedList && column.children[0].kind == ArrowKind::kFloat &&
           column.children[0].width == 4;
}

DecodeFunction ForInteger(const ArrowColumn &column, LocalKind local) {
    if (!IsIntegerLike(column)) return IsText(column) ? DecodeThroughInput : nullptr;
    const bool same = column.is_signed && column.width == (local == LocalKind::kInt2   ? 2
                                                           : local == LocalKind::kInt4 ? 4
                                                                                       : 8);
    if (!same) return DecodeInteger;
    if (local == LocalKind::kInt2) return DecodeInt2;
    return local == LocalKind::kInt4 ? DecodeInt4 : DecodeInt8;
}

DecodeFunction ForFloat(const ArrowColumn &column, LocalKind local) {
    if (column.kind != ArrowKind::kFloat) return nullptr;
    if (local == LocalKind::kFloat8) return column.width == 8 ? DecodeFloat8 : DecodeFloat8FromNarrower;
    return column.width == 4 ? DecodeFloat4 : DecodeFloat4Exactly;
}

bool HoldsServerText(const ArrowColumn &column) {
    return GetDatabaseEncoding() == PG_UTF8 && HoldsValidUtf8(column);
}

// A local text column takes whatever has a text, as after MODIFY COLUMN on the server; other types that
// travel as text take texts.
DecodeFunction ForText(const ArrowColumn &column, const ColumnType &type) {
    const bool plain = type.base == TEXTOID || type.base == VARCHAROID;
    if (column.kind == ArrowKind::kText && plain)
        return type.typmod < 0 && HoldsServerText(column) ? DecodeValidText : DecodeText;
    if (IsText(column) && plain) return DecodeTextAnyLayout;
    if (IsText(column)) return type.local == LocalKind::kName ? DecodeName : DecodeThroughInput;
    return plain && HasTextForm(column) ? DecodeThroughInput : nullptr;
}

DecodeFunction ForTimestamp(const ArrowColumn &column, LocalKind local) {
    const bool has_zone = !column.zone.empty();
    if (column.kind != ArrowKind::kTimestamp || has_zone != (local == LocalKind::kTimestampTz))
        return nullptr;
    return column.unit == ArrowUnit::kMicro ? DecodeTimestampMicros : DecodeTimestamp;
}

DecodeFunction ChooseFunction(const ArrowColumn &column, const ColumnType &type) {
    switch (type.local) {
        case LocalKind::kBool:
            if (column.kind == ArrowKind::kBool) return DecodeBool;
            return IsText(column) ? DecodeThroughInput : nullptr;
        case LocalKind::kInt2:
        case LocalKind::kInt4:
        case LocalKind::kInt8:
            return ForInteger(column, type.local);
        case LocalKind::kFloat4:
        case LocalKind::kFloat8:
            return ForFloat(column, type.local);
        case LocalKind::kVarlenaText:
        case LocalKind::kBpchar:
        case LocalKind::kName:
        case LocalKind::kOther:
            return ForText(column, type);
        case LocalKind::kDate:
            return column.kind == ArrowKind::kDate ? DecodeDate : nullptr;
        case LocalKind::kTime:
            return column.kind == ArrowKind::kTime ? DecodeTime : nullptr;
        case LocalKind::kTimestamp:
        case LocalKind::kTimestampTz:
            return ForTimestamp(column, type.local);
        case LocalKind::kBytea:
            return IsBinary(column) ? DecodeBytea : nullptr;
        case LocalKind::kUuid:
            if (IsUuid(column)) return DecodeUuid;
            return IsText(column) ? DecodeThroughInput : nullptr;
        case LocalKind::kNumeric:
            if (IsNarrowDecimal(column)) return DecodeNumeric;
            return IsIntegerLike(column) ? DecodeNumeric : nullptr;
        case LocalKind::kFloat4Array:
            return IsFloatList(column) ? DecodeFloatArray : nullptr;
        case LocalKind::kVector:
            return IsFloatList(column) ? DecodeVector : nullptr;
    }
    return nullptr;
}

// What the server's type is called in a message.
const char *TypeNameOf(const ArrowColumn &column) {
    if (column.kalam_type.empty()) return "of another type";
    return psprintf("%.*s", static_cast<int>(column.kalam_type.size()), column.kalam_type.data());
}

}  // namespace

ColumnDecoder BindDecoder(const ArrowColumn &column, const ColumnType &type, const char *column_name,
                          CellBuffer *buffer) {
    ColumnDecoder decoder{
        .decode = column.kind == ArrowKind::kNull ? DecodeThroughInput : ChooseFunction(column, type),
        .column = &column,
        .buffer = buffer,
        .type = type,
        .input = nullptr,
        .column_name = column_name};
    if (decoder.decode == nullptr)
        ereport(ERROR, errcode(ERRCODE_DATATYPE_MISMATCH),
                errmsg("column \"%s\" has changed its type on the KalamDB server", column_name),
                errdetail("The column is %s locally, and %s on the server.", format_type_be(type.declared),
                          TypeNameOf(column)),
                errhint("Change it back on the server, or import the table again."));
    if (NeedsInput(decoder.decode)) {
        decoder.input = static_cast<FmgrInfo *>(palloc(sizeof(FmgrInfo)));
        fmgr_info(type.input_function, decoder.input);
    }
    return decoder;
}

}  // namespace kalam::backend::types
