// The one place that decides what a foreign table of ours is to KalamDB: namespace, name, type, key column,
// the remote names and types of its columns. From the catalog, cached by relation, invalidated by the
// relcache. Called by fdw/, ddl/ and functions/. Makes no remote call.
#pragma once

#include <string_view>

#include "backend/pg.h"
#include "backend/request.h"
#include "common/table_type.h"

namespace kalam::backend::catalog {

// Options of foreign tables: `table_type`, `namespace`, `table`; any other plain identifier is an option of
// KalamDB's CREATE TABLE. Options of columns: `column_name` (remote name, default: the local one), `key`
// ('true': the row identity), `kalam_type` (the remote type where the local one does not tell: FILE,
// EMBEDDING(n), ...).
enum class ColumnKind : uint8_t {
    kDropped,
    kData,    // a column of the remote table
    kSeq,     // _seq: the row's version, read-only
    kUserId,  // _userid of user and stream tables: the row's owner, not a remote column
};

struct ColumnIdentity {
    ColumnKind kind;
    const char *remote_name;  // null for kDropped and kUserId
    const char *kalam_type;   // column option `kalam_type`; null: follows the local type
};

struct TableIdentity {
    Oid relid;
    Oid server_id;
    const char *qualified_name;    // schema.table, for messages
    const char *remote_namespace;  // lower case
    const char *remote_table;      // lower case
    common::TableType type;
    AttrNumber key;  // InvalidAttrNumber: none
    int column_count;
    const ColumnIdentity *columns;  // [attnum - 1]

    TableName name() const { return {remote_namespace, remote_table, type}; }
    const ColumnIdentity &column(AttrNumber attnum) const { return columns[attnum - 1]; }
};

// The identity of a foreign table of ours; raises 42809 for any other relation, and 42602 where one of its names has
// not passed CheckRemoteName, so that names from here may go into SQL as they are. The result lives to the end of
// the transaction at least; ask again per statement. The caller holds a lock on the relation.
const TableIdentity *GetTableIdentity(Oid relid);

// The same with names as they are: of a table that a dump makes in several statements, is renamed or dropped. None of
// them may go to the server.
const TableIdentity *GetUncheckedIdentity(Oid relid);

// A copy in the current memory context, for state that outlives the transaction or belongs to another context.
const TableIdentity *CopyTableIdentity(const TableIdentity *identity);

// Whether a relation is a foreign table of this extension.
bool IsKalamTable(Oid relid);

// Raises (before the server sees it) for names that KalamDB cannot take or that crash it: reserved words,
// over 64 bytes, `..`,
// `/`, `\`, a leading underscore or digit, characters other than [A-Za-z0-9_], upper case that would fold
// together. `what`: "table", "column", "namespace".
void CheckRemoteName(const char *what, const char *name);

// Why KalamDB cannot take a name of a table or column; null: it can.
const char *ProblemOfName(std::string_view name);

}  // namespace kalam::backend::catalog
