// KalamDB's types as texts and as local types: the direction of DDL and IMPORT FOREIGN SCHEMA.
#include "backend/types/type_map.h"

extern "C" {
#include "catalog/pg_type.h"
#include "nodes/parsenodes.h"
#include "utils/builtins.h"
#include "utils/numeric.h"
}

#include <array>
#include <cstring>

#include "backend/types/number_text.h"
#include "backend/types/pgvector.h"

namespace kalam::backend::types {

namespace {

struct RemoteRow {
    std::string_view name;
    int parameters;
    Oid local_type;  // InvalidOid: depends (EMBEDDING)
};

// Indexed by RemoteKind.
constexpr std::array kRemoteRows = {
    RemoteRow{"BOOLEAN", 0, BOOLOID},
    RemoteRow{"SMALLINT", 0, INT2OID},
    RemoteRow{"INT", 0, INT4OID},
    RemoteRow{"BIGINT", 0, INT8OID},
    RemoteRow{"FLOAT", 0, FLOAT4OID},
    RemoteRow{"DOUBLE", 0, FLOAT8OID},
    RemoteRow{"TEXT", 0, TEXTOID},
    RemoteRow{"JSON", 0, JSONOID},
    RemoteRow{"FILE", 0, JSONBOID},
    RemoteRow{"DATE", 0, DATEOID},
    RemoteRow{"TIME", 0, TIMEOID},
    RemoteRow{"TIMESTAMP", 0, TIMESTAMPOID},
    RemoteRow{"DATETIME", 0, TIMESTAMPTZOID},
    RemoteRow{"BYTES", 0, BYTEAOID},
    RemoteRow{"UUID", 0, UUIDOID},
    RemoteRow{"DECIMAL", 2, NUMERICOID},
    RemoteRow{"EMBEDDING", 1, InvalidOid},
};
static_assert(kRemoteRows.size() == static_cast<size_t>(RemoteKind::kEmbedding) + 1);

const RemoteRow &RowOf(RemoteKind kind) {
    return kRemoteRows[static_cast<size_t>(kind)];
}

std::string_view SkipBlanks(std::string_view text) {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    return text;
}

bool TakeChar(std::string_view *text, char c) {
    *text = SkipBlanks(*text);
    if (!text->starts_with(c)) return false;
    text->remove_prefix(1);
    return true;
}

// A decimal number of at most four digits.
bool TakeNumber(std::string_view *text, int *number) {
    *text = SkipBlanks(*text);
    int digits = 0;
    for (*number = 0; !text->empty() && text->front() >= '0' && text->front() <= '9' && digits < 5;
         ++digits) {
        *number = *number * 10 + (text->front() - '0');
        text->remove_prefix(1);
    }
    return digits > 0 && digits < 5;
}

bool TakeName(std::string_view *text, RemoteKind *kind) {
    *text = SkipBlanks(*text);
    size_t size = 0;
    while (size < text->size() && pg_ascii_tolower(static_cast<unsigned char>((*text)[size])) >= 'a' &&
           pg_ascii_tolower(static_cast<unsigned char>((*text)[size])) <= 'z')
        ++size;
    for (size_t i = 0; i < kRemoteRows.size(); ++i) {
        const std::string_view name = kRemoteRows[i].name;
        if (name.size() != size || pg_strncasecmp(name.data(), text->data(), size) != 0) continue;
        *kind = static_cast<RemoteKind>(i);
        text->remove_prefix(size);
        return true;
    }
    return false;
}

bool ValidParameters(const RemoteType &type) {
    if (type.kind == RemoteKind::kDecimal)
        return type.precision >= 1 && type.precision <= kMaxDecimalDigits && type.scale <= type.precision;
    if (type.kind == RemoteKind::kEmbedding)
        return type.dimension >= 1 && type.dimension <= kMaxEmbeddingDimension;
    return true;
}

int32 NumericTypmod(const RemoteType &type) {
    return ((type.precision << 16) | (type.scale & 0x7ff)) + static_cast<int32>(VARHDRSZ);
}

int WholeDigits(const RemoteType &type) {
    switch (type.kind) {
        case RemoteKind::kSmallInt:
            return 5;
        case RemoteKind::kInt:
            return 10;
        case RemoteKind::kBigInt:
            return 19;
        default:
            return type.precision - type.scale;
    }
}

// Types whose cells the server casts to the very text that PostgreSQL casts them to.
bool HasCommonText(RemoteKind kind) {
    return IsInteger(kind) || kind == RemoteKind::kBoolean || kind == RemoteKind::kDecimal ||
           kind == RemoteKind::kText || kind == RemoteKind::kJson || kind == RemoteKind::kFile;
}

bool SurvivesRemotely(const RemoteType &from, const RemoteType &to) {
    if (to.kind == RemoteKind::kText) return HasCommonText(from.kind);
    if (IsInteger(from.kind) && IsInteger(to.kind)) return from.kind <= to.kind;
    if (to.kind == RemoteKind::kDecimal && (IsInteger(from.kind) || from.kind == RemoteKind::kDecimal))
        return WholeDigits(from) <= WholeDigits(to) && from.scale <= to.scale;
    if (to.kind == RemoteKind::kDouble)
        return from.kind == RemoteKind::kDouble || from.kind == RemoteKind::kFloat ||
               from.kind == RemoteKind::kSmallInt || from.kind == RemoteKind::kInt;
    if (to.kind == RemoteKind::kEmbedding)
        return from.kind == RemoteKind::kEmbedding && from.dimension == to.dimension;
    const auto is_json = [](RemoteKind kind) {
        return kind == RemoteKind::kJson || kind == RemoteKind::kFile;
    };
    return from.kind == to.kind || (is_json(from.kind) && is_json(to.kind));
}

// Whether every text of one column is a valid text of the other, with the meaning of PostgreSQL's own cast.
bool TextFitsLocally(const ColumnType &from, const ColumnType &to) {
    if (to.base == TEXTOID || (to.base == VARCHAROID && to.typmod < 0)) return true;
    if (to.base == JSONOID && from.base == JSONBOID) return true;
    const bool both_limited = from.base == VARCHAROID && to.base == VARCHAROID && from.typmod >= 0;
    if (both_limited) return from.typmod <= to.typmod;
    return from.base == to.base && (to.typmod < 0 || from.typmod == to.typmod);
}

}  // namespace

char *RemoteTypeText(const RemoteType &type) {
    const RemoteRow &row = RowOf(type.kind);
    if (type.kind == RemoteKind::kDecimal)
        return psprintf("%s(%d, %d)", row.name.data(), type.precision, type.scale);
    if (type.kind == RemoteKind::kEmbedding) return psprintf("%s(%d)", row.name.data(), type.dimension);
    return pstrdup(row.name.data());
}

bool ParseRemoteType(std::string_view text, RemoteType *type) {
    RemoteType parsed{};
    if (!TakeName(&text, &parsed.kind)) return false;
    std::array<int, 2> numbers{};
    const int wanted = RowOf(parsed.kind).parameters;
    if (wanted > 0 && !TakeChar(&text, '(')) return false;
    for (int i = 0; i < wanted; ++i) {
        if (i > 0 && !TakeChar(&text, ',')) return false;
        if (!TakeNumber(&text, &numbers[static_cast<size_t>(i)])) return false;
    }
    if (wanted > 0 && !TakeChar(&text, ')')) return false;
    if (!SkipBlanks(text).empty()) return false;
    if (wanted == 1) parsed.dimension = numbers[0];
    if (wanted == 2) {
        parsed.precision = static_cast<int16_t>(numbers[0]);
        parsed.scale = static_cast<int16_t>(numbers[1]);
    }
    if (!ValidParameters(parsed)) return false;
    *type = parsed;
    return true;
}

LocalType LocalTypeFor(const RemoteType &remote, bool is_key) {
    LocalType local{
        .type = RowOf(remote.kind).local_type, .typmod = -1, .sql = nullptr, .kalam_type = nullptr};
    bool needs_option = remote.kind == RemoteKind::kFile || (remote.kind == RemoteKind::kUuid && is_key);
    if (remote.kind == RemoteKind::kDecimal) local.typmod = NumericTypmod(remote);
    if (remote.kind == RemoteKind::kEmbedding) {
        const Oid vector = PgVectorType();
        local.type = OidIsValid(vector) ? vector : FLOAT4ARRAYOID;
        local.typmod = OidIsValid(vector) ? remote.dimension : -1;
        needs_option = !OidIsValid(vector);
    }
    local.sql =
        format_type_extended(local.type, local.typmod, FORMAT_TYPE_TYPEMOD_GIVEN | FORMAT_TYPE_FORCE_QUALIFY);
    if (needs_option) local.kalam_type = RemoteTypeText(remote);
    return local;
}

bool LocalTypeForTypeName(const char *name, List *modifiers, LocalType *local) {
    if (pg_strcasecmp(name, "file") == 0 && modifiers == NIL) {
        *local = LocalTypeFor({.kind = RemoteKind::kFile});
        return true;
    }
    if (pg_strcasecmp(name, "embedding") != 0) return false;
    int dimension = 0;
    if (list_length(modifiers) == 1 && IsA(linitial(modifiers), A_Const)) {
        auto *constant = castNode(A_Const, linitial(modifiers));
        if (!constant->isnull && IsA(&constant->val, Integer)) dimension = intVal(&constant->val);
    }
    if (dimension < 1 || dimension > kMaxEmbeddingDimension)
        ereport(ERROR, errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                errmsg("EMBEDDING needs exactly one dimension between 1 and %d", kMaxEmbeddingDimension),
                errhint("For example EMBEDDING(384)."));
    *local = LocalTypeFor({.kind = RemoteKind::kEmbedding, .dimension = dimension});
    return true;
}

bool SurvivesTypeChange(const ColumnType &from, const ColumnType &to) {
    return SurvivesRemotely(from.remote, to.remote) &&
           (!IsTextLike(to.remote.kind) || TextFitsLocally(from, to));
}

}  // namespace kalam::backend::types
