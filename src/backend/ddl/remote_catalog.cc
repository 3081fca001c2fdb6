// Questions to the server's catalog (remote_catalog.h), as SELECTs over its system tables.
#include "backend/ddl/remote_catalog.h"

#include "backend/ddl/remote_options.h"
#include "backend/ddl/remote_rows.h"
#include "backend/ddl/remote_sql.h"

extern "C" {
#include "nodes/pg_list.h"
}

namespace kalam::backend::ddl {

namespace {

// The server's limit of rows per answer, whatever LIMIT says (it may be set lower).
constexpr int kPageRows = 1000;

bool IsTrue(const char *cell) {
    return cell != nullptr && (cell[0] == 't' || cell[0] == 'T' || cell[0] == '1');
}

bool IsOwnColumn(const char *name) {
    return name[0] == '_';  // _seq, _deleted: no other column can start like this
}

struct ColumnRow {
    const char *table;
    long ordinal;
    RemoteColumn column;
};

// The columns of a namespace's tables that come after (table, ordinal), up to a page of them.
List *ReadColumnPage(const Endpoint *endpoint, const char *scope, const char *after_table,
                     long after_ordinal) {
    const char *table = QuoteLiteral(after_table);
    const char *sql = psprintf(
        "SELECT table_name, ordinal, column_name, data_type, nullable, primary_key, comment FROM "
        "system.columns "
        "WHERE %s AND (table_name > %s OR (table_name = %s AND ordinal > %ld)) "
        "ORDER BY table_name, ordinal LIMIT %d",
        scope, table, table, after_ordinal, kPageRows);
    const RemoteRows answer = QueryRemote(endpoint, sql);
    List *rows = NIL;
    ListCell *cell;
    foreach (cell, answer.rows) {
        auto **cells = static_cast<const char **>(lfirst(cell));
        auto *row = static_cast<ColumnRow *>(palloc(sizeof(ColumnRow)));
        *row = {.table = cells[0],
                .ordinal = atol(cells[1]),
                .column = {.name = cells[2],
                           .type_text = cells[3],
                           .nullable = IsTrue(cells[4]),
                           .is_key = IsTrue(cells[5]),
                           .comment = cells[6]}};
        rows = lappend(rows, row);
    }
    return rows;
}

int CompareRows(const ListCell *a, const ListCell *b) {
    const auto *left = static_cast<const ColumnRow *>(lfirst(a));
    const auto *right = static_cast<const ColumnRow *>(lfirst(b));
    const int by_table = strcmp(left->table, right->table);
    if (by_table != 0) return by_table;
    return left->ordinal < right->ordinal ? -1 : left->ordinal > right->ordinal;
}

// All columns in scope, by table and ordinal. Pages are asked for until one is empty, because the server's limit
// may be lower than ours; the order of an answer is not relied on.
List *ReadColumns(const Endpoint *endpoint, const char *scope) {
    List *all = NIL;
    const char *table = "";
    long ordinal = 0;
    for (;;) {
        List *page = ReadColumnPage(endpoint, scope, table, ordinal);
        if (page == NIL) return all;
        list_sort(page, CompareRows);
        const auto *last = static_cast<const ColumnRow *>(llast(page));
        table = last->table;
        ordinal = last->ordinal;
        all = list_concat(all, page);
    }
}

// The tables in scope with their columns, by name.
List *ReadTables(const Endpoint *endpoint, const char *scope) {
    List *tables = NIL;
    const char *after = "";
    for (;;) {
        const RemoteRows answer = QueryRemote(
            endpoint,
            psprintf("SELECT table_name, table_type, options, comment FROM system.tables WHERE %s AND "
                     "table_name > %s ORDER BY table_name LIMIT %d",
                     scope, QuoteLiteral(after), kPageRows));
        if (answer.rows == NIL) break;
        ListCell *cell;
        foreach (cell, answer.rows) {
            auto **cells = static_cast<const char **>(lfirst(cell));
            auto *table = static_cast<RemoteTable *>(palloc0(sizeof(RemoteTable)));
            *table = {
                .name = cells[0], .type = cells[1], .options = cells[2], .comment = cells[3], .columns = NIL};
            tables = lappend(tables, table);
            if (strcmp(table->name, after) > 0) after = table->name;
        }
    }
    list_sort(tables, [](const ListCell *a, const ListCell *b) {
        return strcmp(static_cast<RemoteTable *>(lfirst(a))->name,
                      static_cast<RemoteTable *>(lfirst(b))->name);
    });
    return tables;
}

// Gives each table its columns; both lists are sorted by table.
void AttachColumns(List *tables, List *columns) {
    ListCell *next = list_head(columns);
    ListCell *cell;
    foreach (cell, tables) {
        auto *table = static_cast<RemoteTable *>(lfirst(cell));
        for (; next != nullptr; next = lnext(columns, next)) {
            auto *row = static_cast<ColumnRow *>(lfirst(next));
            const int order = strcmp(row->table, table->name);
            if (order > 0) break;
            if (order == 0 && !IsOwnColumn(row->column.name))
                table->columns = lappend(table->columns, &row->column);
        }
    }
}

std::optional<shm::TableFacts> FactsOf(const char *type, const char *options) {
    const std::optional<common::TableType> parsed = common::ParseTableType(type);
    if (!parsed) return std::nullopt;
    return shm::TableFacts{.type = *parsed, .for_administrators = SaysForAdministrators(options)};
}

// The condition that finds one table in the server's catalog.
const char *ScopeOf(const char *remote_namespace, const char *table) {
    return psprintf("namespace_id = %s AND table_name = %s", QuoteLiteral(remote_namespace),
                    QuoteLiteral(table));
}

List *ReadTablesWithColumns(const Endpoint *endpoint, const char *scope) {
    List *tables = ReadTables(endpoint, scope);
    if (tables != NIL) AttachColumns(tables, ReadColumns(endpoint, scope));
    return tables;
}

}  // namespace

const RemoteColumn *RemoteTable::Find(const char *column) const {
    ListCell *cell;
    foreach (cell, columns) {
        const auto *candidate = static_cast<const RemoteColumn *>(lfirst(cell));
        if (strcmp(candidate->name, column) == 0) return candidate;
    }
    return nullptr;
}

const RemoteColumn *RemoteTable::Key() const {
    ListCell *cell;
    foreach (cell, columns) {
        const auto *candidate = static_cast<const RemoteColumn *>(lfirst(cell));
        if (candidate->is_key) return candidate;
    }
    return nullptr;
}

bool IsRemoteType(const types::ColumnType &local, const char *type_text) {
    types::RemoteType remote;
    if (!types::ParseRemoteType(type_text, &remote)) return false;
    const types::RemoteType &own = local.remote;
    return own.kind == remote.kind && own.precision == remote.precision && own.scale == remote.scale &&
           own.dimension == remote.dimension;
}

std::optional<shm::TableFacts> RemoteTable::Facts() const {
    return FactsOf(type, options);
}

const RemoteTable *FindRemoteTable(const Endpoint *endpoint, const char *remote_namespace,
                                   const char *table) {
    List *tables = ReadTablesWithColumns(endpoint, ScopeOf(remote_namespace, table));
    return tables == NIL ? nullptr : static_cast<const RemoteTable *>(linitial(tables));
}

std::optional<shm::TableFacts> FindTableFacts(const Endpoint *endpoint, const char *remote_namespace,
                                              const char *table) {
    const RemoteRows answer =
        QueryRemote(endpoint, psprintf("SELECT table_type, options FROM system.tables WHERE %s LIMIT 1",
                                       ScopeOf(remote_namespace, table)));
    if (answer.rows == NIL) return std::nullopt;
    auto **cells = static_cast<const char **>(linitial(answer.rows));
    return FactsOf(cells[0], cells[1]);
}

List *ListRemoteTables(const Endpoint *endpoint, const char *remote_namespace) {
    return ReadTablesWithColumns(endpoint, psprintf("namespace_id = %s", QuoteLiteral(remote_namespace)));
}

bool RemoteNamespaceExists(const Endpoint *endpoint, const char *remote_namespace) {
    const char *sql = psprintf("SELECT namespace_id FROM system.namespaces WHERE namespace_id = %s LIMIT 1",
                               QuoteLiteral(remote_namespace));
    return QueryRemote(endpoint, sql).rows != NIL;
}

bool WasEverColumn(const Endpoint *endpoint, const char *remote_namespace, const char *table,
                   const char *column) {
    // Every version of a table's schema is kept, as JSON.
    const char *sql = psprintf(
        "SELECT table_name FROM system.schemas WHERE namespace_id = %s AND table_name = %s AND columns LIKE "
        "%s "
        "LIMIT 1",
        QuoteLiteral(remote_namespace), QuoteLiteral(table),
        QuoteLiteral(psprintf("%%\"column_name\":\"%s\"%%", column)));
    return QueryRemote(endpoint, sql).rows != NIL;
}

bool HasRow(const Endpoint *endpoint, const char *remote_namespace, const char *table,
            const char *condition) {
    const char *sql = psprintf("SELECT _seq FROM %s.%s%s%s LIMIT 1", remote_namespace, table,
                               condition == nullptr ? "" : " WHERE ", condition == nullptr ? "" : condition);
    return QueryRemote(endpoint, sql).rows != NIL;
}

long CountRows(const Endpoint *endpoint, const char *remote_namespace, const char *table) {
    const RemoteRows answer =
        QueryRemote(endpoint, psprintf("SELECT count(*) FROM %s.%s", remote_namespace, table));
    return answer.rows == NIL ? 0 : atol(static_cast<const char **>(linitial(answer.rows))[0]);
}

bool WasFlushed(const Endpoint *endpoint, const char *remote_namespace, const char *table) {
    const char *sql = psprintf(
        "SELECT cache_key FROM system.manifest WHERE namespace_id = %s AND table_name = %s AND manifest_json "
        "NOT LIKE '%%\"segments\":[]%%' LIMIT 1",
        QuoteLiteral(remote_namespace), QuoteLiteral(table));
    return QueryRemote(endpoint, sql).rows != NIL;
}

}  // namespace kalam::backend::ddl
