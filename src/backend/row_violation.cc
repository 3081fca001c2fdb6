// Finds the fields of errors about rows (row_violation.h): in the catalog, and in the server's words.
#include "backend/row_violation.h"

#include "backend/catalog/table_identity.h"

extern "C" {
#include "commands/defrem.h"
#include "utils/lsyscache.h"
}

namespace kalam::backend {

namespace {

using catalog::ColumnKind;
using catalog::TableIdentity;

// Without names if the table is gone, which the transaction may have dropped before it commits.
RowViolation InTable(Oid relid) {
    const char *table = OidIsValid(relid) ? get_rel_name(relid) : nullptr;
    if (table == nullptr) return {};
    RowViolation violation = {};
    violation.schema = get_namespace_name(get_rel_namespace(relid));
    violation.table = table;
    return violation;
}

void SetDuplicate(RowViolation *violation, const char *column, std::string_view value) {
    violation->column = column;
    violation->detail =
        psprintf("Key (%s)=(%.*s) already exists.", column, static_cast<int>(value.size()), value.data());
    if (violation->table != nullptr)
        violation->constraint = makeObjectName(violation->table, nullptr, "pkey");
}

// What lies between the two texts, of which the last `after` counts: a value may have quotes of its own.
std::string_view Between(std::string_view text, std::string_view before, std::string_view after) {
    const size_t begin = text.find(before);
    const size_t end = text.rfind(after);
    if (begin == text.npos || end == text.npos || end < begin + before.size()) return {};
    return text.substr(begin + before.size(), end - begin - before.size());
}

// The text's last `column '...'`, which holds an identifier. Null: none.
const char *ColumnIn(std::string_view text) {
    constexpr std::string_view kColumn = "column '";
    const size_t at = text.rfind(kColumn);
    if (at == text.npos) return nullptr;
    const std::string_view rest = text.substr(at + kColumn.size());
    return pnstrdup(rest.data(), Min(rest.find('\''), rest.size()));
}

// The local name of a remote column; the remote one where it is not known.
const char *LocalColumn(const RowViolation &violation, Oid relid, const char *remote_name) {
    if (violation.table == nullptr) return remote_name;
    const TableIdentity *identity = catalog::GetTableIdentity(relid);
    for (AttrNumber attnum = 1; attnum <= identity->column_count; ++attnum) {
        const catalog::ColumnIdentity &column = identity->column(attnum);
        if (column.kind == ColumnKind::kData && strcmp(column.remote_name, remote_name) == 0)
            return get_attname(relid, attnum, false);
    }
    return remote_name;
}

void SetField(int field, const char *value) {
    if (value != nullptr) err_generic_string(field, value);
}

}  // namespace

RowViolation DuplicateKey(Oid relid, AttrNumber key, std::string_view value) {
    RowViolation violation = InTable(relid);
    SetDuplicate(&violation, get_attname(relid, key, false), value);
    return violation;
}

RowViolation ReadViolation(Oid relid, std::string_view text) {
    constexpr std::string_view kDuplicate = "Primary key violation: value '";
    const bool duplicate = text.find(kDuplicate) != text.npos;
    const bool null = !duplicate && text.find("NOT NULL constraint violation: ") != text.npos;
    const char *remote_name = duplicate || null ? ColumnIn(text) : nullptr;
    if (remote_name == nullptr) return {};
    RowViolation violation = InTable(relid);
    const char *column = LocalColumn(violation, relid, remote_name);
    violation.column = column;
    if (null) return violation;
    std::string_view value = Between(text, kDuplicate, "' already exists in ");
    if (value.data() == nullptr) value = Between(text, kDuplicate, "' appears multiple times in ");
    if (value.data() != nullptr) SetDuplicate(&violation, column, value);
    return violation;
}

void ThrowNull(Oid relid, AttrNumber attnum) {
    RowViolation violation = InTable(relid);
    violation.column = get_attname(relid, attnum, false);
    ereport(ERROR, errcode(ERRCODE_NOT_NULL_VIOLATION),
            errmsg("null value in column \"%s\" of relation \"%s\" violates not-null constraint",
                   violation.column, violation.table),
            ErrFields(violation));
    pg_unreachable();
}

int ErrFields(const RowViolation &violation) {
    SetField(PG_DIAG_SCHEMA_NAME, violation.schema);
    SetField(PG_DIAG_TABLE_NAME, violation.table);
    SetField(PG_DIAG_COLUMN_NAME, violation.column);
    SetField(PG_DIAG_CONSTRAINT_NAME, violation.constraint);
    if (violation.detail != nullptr) errdetail("%s", violation.detail);
    return 0;
}

}  // namespace kalam::backend
