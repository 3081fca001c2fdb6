// Creates the remote tables of restored definitions, step by step (restore.h).
#include "backend/ddl/restore.h"

#include "backend/catalog/table_identity.h"
#include "backend/ddl/await_cleanup.h"
#include "backend/ddl/create_remote.h"
#include "backend/ddl/local_change.h"
#include "backend/ddl/parse_nodes.h"
#include "backend/ddl/pending.h"
#include "backend/ddl/remote_catalog.h"
#include "backend/ddl/remote_rows.h"
#include "backend/ddl/remote_sql.h"
#include "backend/options.h"

extern "C" {
#include "utils/builtins.h"
#include "utils/lsyscache.h"
}

namespace kalam::backend::ddl {

namespace {

// The table whose definition is being restored; InvalidOid: none.
Oid restored = InvalidOid;

bool CanBeKey(const ColumnShape &column) {
    return column.not_null && column.type.usable_as_key &&
           catalog::ProblemOfName(column.remote_name) == nullptr;
}

bool NeedsKey(const TableShape &shape) {
    return shape.identity->type != common::TableType::kStream;
}

// A dump says NOT NULL of the key, and only later that it is the key. It usually comes first.
const TableShape *WithLikelyKey(const TableShape *shape) {
    const ColumnShape *key = shape->Key();
    if (!NeedsKey(*shape) || (key != nullptr && key->not_null)) return shape;
    for (int i = 0; i < shape->count; ++i) {
        if (!CanBeKey(shape->columns[i])) continue;
        SetLocalColumnOption(shape->identity->relid, shape->columns[i].attnum, NameOf(Option::kKey), "true");
        return ReadUncheckedShape(shape->identity->relid);
    }
    return shape;
}

// The shape without the columns whose names KalamDB cannot take: they have others there, which are still to be told.
// Null: the table cannot be created without them.
const TableShape *KnownPart(const TableShape &shape) {
    const ColumnShape *key = shape.Key();
    if (NeedsKey(shape) && (key == nullptr || !CanBeKey(*key))) return nullptr;
    auto *part = static_cast<TableShape *>(palloc(sizeof(TableShape)));
    auto *columns = static_cast<ColumnShape *>(palloc(sizeof(ColumnShape) * (shape.count + 1)));
    *part = shape;
    part->count = 0;
    for (int i = 0; i < shape.count; ++i) {
        if (catalog::ProblemOfName(shape.columns[i].remote_name) == nullptr)
            columns[part->count++] = shape.columns[i];
    }
    part->columns = columns;
    return part->count > 0 ? part : nullptr;
}

const char *RemoteName(const catalog::TableIdentity &identity) {
    return psprintf("%s.%s", identity.remote_namespace, identity.remote_table);
}

[[noreturn]] void ThrowInBlock(const catalog::TableIdentity &identity) {
    ereport(ERROR,
            (errcode(ERRCODE_ACTIVE_SQL_TRANSACTION),
             errmsg("cannot complete the definition of KalamDB table \"%s\" in this transaction",
                    RemoteName(identity)),
             errdetail("A rollback could not bring back the table as an earlier transaction created it."),
             errhint("Restore a table's statements in one transaction, or each by itself.")));
}

// Rows of others: this session's own end the restore.
void RequireNoRows(const Endpoint *endpoint, const catalog::TableIdentity &identity) {
    if (identity.type != common::TableType::kShared) return;  // the server shows users' rows to them only
    if (FindRemoteTable(endpoint, identity.remote_namespace, identity.remote_table) == nullptr) return;
    const char *sql = psprintf("SELECT 1 AS one FROM %s LIMIT 1", RemoteName(identity));
    if (QueryRemote(endpoint, sql).rows == NIL) return;
    ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
                    errmsg("cannot change the definition of KalamDB table \"%s\"", RemoteName(identity)),
                    errdetail("It has got rows since its definition was restored."),
                    errhint("Drop the table and restore it when nobody else writes to it.")));
}

void CreateAnew(const Endpoint *endpoint, const TableShape &shape, bool is_alone) {
    const catalog::TableIdentity &identity = *shape.identity;
    const char *drop = DropTableSql(identity);
    // Where this transaction has created the table, its abort drops it in either form.
    if (!IsToBeUndone(endpoint, drop) && !is_alone) ThrowInBlock(identity);
    RequireNoRows(endpoint, identity);
    (void)RunRemote(endpoint, drop);
    AwaitCleanup(endpoint, identity);
    (void)RunRemote(endpoint, CreateTableSql(shape));
}

}  // namespace

void CreateRestored(const Endpoint *endpoint, const TableShape *shape) {
    catalog::CheckRemoteName("namespace", shape->identity->remote_namespace);
    catalog::CheckRemoteName("table", shape->identity->remote_table);
    shape = WithLikelyKey(shape);
    restored = shape->identity->relid;
    const TableShape *known = KnownPart(*shape);
    if (known == nullptr || known->count < shape->count) {
        ereport(NOTICE,
                (errmsg("KalamDB table \"%s.%s\" is complete when the options of its columns are restored",
                        shape->identity->remote_namespace, shape->identity->remote_table)));
    }
    if (known != nullptr) CreateNewRemoteTable(endpoint, *known);
}

bool IsBeingRestored(Oid relid) {
    return OidIsValid(restored) && relid == restored;
}

void PrepareRestoredOption(Oid relid, const AlterTableCmd *command) {
    if (!IsBeingRestored(relid)) return;
    const char *value = FindOption(reinterpret_cast<List *>(command->def), NameOf(Option::kKey));
    bool is_key = false;
    if (value == nullptr || !parse_bool(value, &is_key) || !is_key) return;
    const TableShape *shape = ReadUncheckedShape(relid);
    for (int i = 0; i < shape->count; ++i) {
        const ColumnShape &column = shape->columns[i];
        if (column.is_key && strcmp(column.name, command->name) != 0)
            DropLocalColumnOption(relid, column.attnum, NameOf(Option::kKey));
    }
}

void ContinueRestore(const TableShape &before, bool is_alone) {
    const TableShape *after = ReadUncheckedShape(before.identity->relid);
    const TableShape *was = KnownPart(before);
    const TableShape *is = KnownPart(*after);
    if (is == nullptr) return;
    const Endpoint *endpoint = GetEndpoint(after->identity->server_id);
    if (was == nullptr) {
        CreateNewRemoteTable(endpoint, *is);
    } else if (strcmp(CreateTableSql(*was), CreateTableSql(*is)) != 0) {
        CreateAnew(endpoint, *is, is_alone);
    }
}

void EndRestore() {
    restored = InvalidOid;
}

void EndRestore(Oid relid) {
    if (relid == restored) EndRestore();
}

}  // namespace kalam::backend::ddl
