// The table of type pairs, read from the local side: how a declared column travels. The other direction is
// remote_type.cc. Called once per column and statement; catalog lookups only.
#include "backend/types/type_map.h"

extern "C" {
#include "catalog/pg_collation.h"
#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/numeric.h"
}

#include <array>

#include "backend/types/number_text.h"
#include "backend/types/pgvector.h"
#include "backend/types/text.h"

namespace kalam::backend::types {

namespace {

struct TypePair {
    Oid local_type;
    LocalKind local;
    RemoteKind remote;
    PushKind push;
    bool key;
};

// What surface.md promises. Every other type is TEXT through its own text form (kFallback).
constexpr std::array kPairs = {
    TypePair{BOOLOID, LocalKind::kBool, RemoteKind::kBoolean, PushKind::kBoolean, true},
    TypePair{INT2OID, LocalKind::kInt2, RemoteKind::kSmallInt, PushKind::kInteger, true},
    TypePair{INT4OID, LocalKind::kInt4, RemoteKind::kInt, PushKind::kInteger, true},
    TypePair{INT8OID, LocalKind::kInt8, RemoteKind::kBigInt, PushKind::kInteger, true},
    TypePair{FLOAT4OID, LocalKind::kFloat4, RemoteKind::kFloat, PushKind::kNone, false},
    TypePair{FLOAT8OID, LocalKind::kFloat8, RemoteKind::kDouble, PushKind::kNone, true},
    TypePair{TEXTOID, LocalKind::kVarlenaText, RemoteKind::kText, PushKind::kText, true},
    TypePair{VARCHAROID, LocalKind::kVarlenaText, RemoteKind::kText, PushKind::kText, true},
    // Not pushed: to PostgreSQL trailing blanks are nothing, to the server they differ.
    TypePair{BPCHAROID, LocalKind::kBpchar, RemoteKind::kText, PushKind::kNone, true},
    TypePair{NAMEOID, LocalKind::kName, RemoteKind::kText, PushKind::kText, true},
    TypePair{JSONOID, LocalKind::kVarlenaText, RemoteKind::kJson, PushKind::kNone, false},
    TypePair{JSONBOID, LocalKind::kOther, RemoteKind::kJson, PushKind::kNone, false},
    TypePair{DATEOID, LocalKind::kDate, RemoteKind::kDate, PushKind::kNone, false},
    TypePair{TIMEOID, LocalKind::kTime, RemoteKind::kTime, PushKind::kNone, false},
    TypePair{TIMESTAMPOID, LocalKind::kTimestamp, RemoteKind::kTimestamp, PushKind::kNone, false},
    TypePair{TIMESTAMPTZOID, LocalKind::kTimestampTz, RemoteKind::kDateTime, PushKind::kNone, false},
    TypePair{BYTEAOID, LocalKind::kBytea, RemoteKind::kBytes, PushKind::kNone, false},
    TypePair{UUIDOID, LocalKind::kUuid, RemoteKind::kUuid, PushKind::kNone, false},
    TypePair{NUMERICOID, LocalKind::kNumeric, RemoteKind::kDecimal, PushKind::kNone, false},
};

constexpr TypePair kFallback = {InvalidOid, LocalKind::kOther, RemoteKind::kText, PushKind::kNone, false};
constexpr TypePair kEnumPair = {InvalidOid, LocalKind::kOther, RemoteKind::kText, PushKind::kText, true};
constexpr TypePair kVectorPair = {InvalidOid, LocalKind::kVector, RemoteKind::kEmbedding, PushKind::kNone,
                                  false};

TypePair PairFor(Oid base) {
    for (const TypePair &pair : kPairs)
        if (pair.local_type == base) return pair;
    if (type_is_enum(base)) return kEnumPair;
    if (base == PgVectorType()) return kVectorPair;
    return kFallback;
}

bool IsTextLike(LocalKind kind) {
    return kind == LocalKind::kVarlenaText || kind == LocalKind::kBpchar || kind == LocalKind::kName ||
           kind == LocalKind::kOther;
}

[[noreturn]] void ThrowNoSuchPair(const ColumnDeclaration &column) {
    ereport(ERROR, errcode(ERRCODE_FDW_INVALID_ATTRIBUTE_VALUE),
            errmsg("column \"%s\" of type %s cannot be kept as KalamDB type %s", column.column_name,
                   format_type_be(column.type), column.kalam_type),
            errhint("Remove the column option kalam_type, or declare the column with the type that goes with "
                    "it."));
}

// DECIMAL(p, s) of a numeric column: from its type modifier.
RemoteType DecimalFor(const ColumnDeclaration &column, int32 typmod) {
    if (typmod < static_cast<int32>(VARHDRSZ))
        ereport(
            ERROR, errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
            errmsg("column \"%s\" of type numeric needs a precision and a scale", column.column_name),
            errhint("Declare it as numeric(p,s), for example numeric(18,4); KalamDB's DECIMAL holds up to "
                    "38 digits."));
    // The layout of numeric's type modifier: precision in the upper half, scale in 11 bits, signed.
    const int32 packed = typmod - static_cast<int32>(VARHDRSZ);
    const int precision = (packed >> 16) & 0xffff;
    const int scale = ((packed & 0x7ff) ^ 1024) - 1024;
    if (precision > kMaxDecimalDigits || scale < 0 || scale > precision)
        ereport(
            ERROR, errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
            errmsg("column \"%s\" of type numeric(%d,%d) has no counterpart in KalamDB", column.column_name,
                   precision, scale),
            errhint("KalamDB's DECIMAL(p,s) takes a precision of 1 to %d and a scale of 0 to the precision.",
                    kMaxDecimalDigits));
    return {.kind = RemoteKind::kDecimal,
            .precision = static_cast<int16_t>(precision),
            .scale = static_cast<int16_t>(scale)};
}

RemoteType EmbeddingFor(const ColumnDeclaration &column, int32 typmod) {
    if (typmod < 1 || typmod > kMaxEmbeddingDimension)
        ereport(ERROR, errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
                errmsg("column \"%s\" of type vector needs a dimension of 1 to %d", column.column_name,
                       kMaxEmbeddingDimension),
                errhint("Declare it as vector(n), for example vector(384)."));
    return {.kind = RemoteKind::kEmbedding, .dimension = typmod};
}

// The remote type that follows from the local one alone.
RemoteType DefaultRemote(const ColumnDeclaration &column, const TypePair &pair, int32 typmod) {
    if (pair.remote == RemoteKind::kDecimal) return DecimalFor(column, typmod);
    if (pair.remote == RemoteKind::kEmbedding) return EmbeddingFor(column, typmod);
    if (pair.remote == RemoteKind::kUuid && column.is_key) return {.kind = RemoteKind::kText};
    return {.kind = pair.remote};
}

// Whether a column of the local type can be kept as the type that the option `kalam_type` names.
bool PairAllows(const TypePair &pair, Oid base, int32 typmod, const ColumnDeclaration &column,
                const RemoteType &wanted) {
    if (IsTextLike(wanted.kind)) return true;
    if (wanted.kind == RemoteKind::kEmbedding && base == FLOAT4ARRAYOID) return true;
    if (IsInteger(wanted.kind)) return IsInteger(pair.remote);
    if (wanted.kind != pair.remote) return false;
    const bool has_parameters = pair.remote == RemoteKind::kDecimal || pair.remote == RemoteKind::kEmbedding;
    if (!has_parameters || typmod < 0) return true;
    const RemoteType own = DefaultRemote(column, pair, typmod);
    return own.precision == wanted.precision && own.scale == wanted.scale &&
           own.dimension == wanted.dimension;
}

RemoteType OptionRemote(const ColumnDeclaration &column, const TypePair &pair, Oid base, int32 typmod) {
    RemoteType wanted{};
    if (!ParseRemoteType(column.kalam_type, &wanted))
        ereport(
            ERROR, errcode(ERRCODE_FDW_INVALID_ATTRIBUTE_VALUE),
            errmsg("invalid kalam_type \"%s\" of column \"%s\"", column.kalam_type, column.column_name),
            errhint("Valid types are BOOLEAN, SMALLINT, INT, BIGINT, FLOAT, DOUBLE, TEXT, JSON, FILE, DATE, "
                    "TIME, TIMESTAMP, DATETIME, BYTES, UUID, DECIMAL(p,s) and EMBEDDING(n)."));
    if (!PairAllows(pair, base, typmod, column, wanted)) ThrowNoSuchPair(column);
    return wanted;
}

// The codec: where the remote side is text and the local one is not, values travel in their text form.
LocalKind CodecFor(const TypePair &pair, RemoteKind remote) {
    if (remote == RemoteKind::kEmbedding && pair.local == LocalKind::kOther) return LocalKind::kFloat4Array;
    if (IsTextLike(remote) && !IsTextLike(pair.local)) return LocalKind::kOther;
    return pair.local;
}

// What the text form stands for can be compared as text only where equal values have equal texts.
PushKind PushFor(const TypePair &pair, RemoteKind remote) {
    if (pair.local == LocalKind::kUuid && remote == RemoteKind::kText) return PushKind::kText;
    if (IsInteger(pair.remote)) return IsInteger(remote) ? PushKind::kInteger : PushKind::kNone;
    return remote == pair.remote ? pair.push : PushKind::kNone;
}

bool KeyFor(const TypePair &pair, RemoteKind remote) {
    if (pair.local == LocalKind::kUuid) return remote == RemoteKind::kText;
    return pair.key && (remote == pair.remote || (IsInteger(pair.remote) && IsInteger(remote)));
}

}  // namespace

ColumnType ResolveColumnType(const ColumnDeclaration &column) {
    ColumnType result{};
    result.declared = column.type;
    result.typmod = column.typmod;
    result.base = getBaseTypeAndTypmod(column.type, &result.typmod);
    const TypePair pair = PairFor(result.base);
    result.remote = column.kalam_type != nullptr ? OptionRemote(column, pair, result.base, result.typmod)
                                                 : DefaultRemote(column, pair, result.typmod);
    result.local = CodecFor(pair, result.remote.kind);
    result.push = PushFor(pair, result.remote.kind);
    result.usable_as_key = KeyFor(pair, result.remote.kind);
    get_typlenbyval(column.type, &result.length, &result.by_value);
    bool is_varlena;
    getTypeOutputInfo(result.base, &result.output_function, &is_varlena);
    getTypeInputInfo(result.base, &result.input_function, &result.io_param);
    return result;
}

void RequireUsableAsKey(const ColumnType &type, const char *column_name) {
    if (type.usable_as_key) return;
    ereport(ERROR, errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
            errmsg("column \"%s\" of type %s cannot be the primary key of a KalamDB table", column_name,
                   format_type_be(type.declared)),
            errhint("Use text, varchar, uuid, smallint, integer, bigint, boolean or double precision."));
}

bool CollationAllowsPush(Oid collation) {
    return !OidIsValid(collation) || collation == DEFAULT_COLLATION_OID ||
           get_collation_isdeterministic(collation);
}

void AppendKeyText(StringInfo out, const ColumnType &type, Datum value) {
    switch (type.local) {
        case LocalKind::kBool:
            appendStringInfoString(out, DatumGetBool(value) ? "true" : "false");
            return;
        case LocalKind::kInt2:
            AppendInt64(out, DatumGetInt16(value));
            return;
        case LocalKind::kInt4:
            AppendInt64(out, DatumGetInt32(value));
            return;
        case LocalKind::kInt8:
            AppendInt64(out, DatumGetInt64(value));
            return;
        case LocalKind::kFloat8:
            // Both zeros are one key.
            AppendDoubleWithoutExponent(out, DatumGetFloat8(value) == 0 ? 0 : DatumGetFloat8(value));
            return;
        default: {
            const std::string_view text = ToUtf8(TextOf(type, value));
            appendBinaryStringInfo(out, text.data(), static_cast<int>(text.size()));
        }
    }
}

}  // namespace kalam::backend::types
