// RENAME and SET SCHEMA change the local name only: the server's own RENAME COLUMN loses the values of existing
// rows, and tables cannot be renamed there at all. What a local name implied is written down as an option
// afterwards, so that the remote identity stays. Called from the dispatch table (ddl.cc).
#include "backend/catalog/table_identity.h"
#include "backend/ddl/affected_tables.h"
#include "backend/ddl/local_change.h"
#include "backend/ddl/parse_nodes.h"
#include "backend/ddl/utility_call.h"
#include "backend/options.h"

extern "C" {
#include "nodes/parsenodes.h"
}

namespace kalam::backend::ddl {

namespace {

using catalog::ColumnKind;
using catalog::TableIdentity;

void RequireOrdinaryColumn(const RenameStmt *statement) {
    if (!IsSystemColumnName(statement->subname) && !IsSystemColumnName(statement->newname)) return;
    ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
                    errmsg("cannot rename column \"%s\" to \"%s\"", statement->subname, statement->newname),
                    errdetail("_seq, _userid and _deleted are system columns of KalamDB.")));
}

void KeepColumn(const TableIdentity *before, const TableIdentity *after, AttrNumber attnum) {
    const char *kept = before->column(attnum).remote_name;
    const char *changed = after->column(attnum).remote_name;
    if (kept == nullptr || changed == nullptr || strcmp(kept, changed) == 0) return;
    SetLocalColumnOption(before->relid, attnum, NameOf(Option::kColumnName), kept);
}

// Writes down what `before` was and the changed names no longer say.
void KeepIdentity(const TableIdentity *before) {
    const TableIdentity *after = catalog::CopyTableIdentity(catalog::GetUncheckedIdentity(before->relid));
    if (strcmp(before->remote_namespace, after->remote_namespace) != 0) {
        SetLocalTableOption(before->relid, NameOf(Option::kNamespace), before->remote_namespace);
    }
    if (strcmp(before->remote_table, after->remote_table) != 0) {
        SetLocalTableOption(before->relid, NameOf(Option::kTable), before->remote_table);
    }
    for (AttrNumber attnum = 1; attnum <= before->column_count; ++attnum) KeepColumn(before, after, attnum);
}

// Carries the statement out locally and keeps the identities of these tables.
bool RunAndKeep(const UtilityCall &call, List *tables) {
    if (tables == NIL) return false;
    List *identities = NIL;
    ListCell *cell;
    foreach (cell, tables) {
        const TableIdentity *identity =
            catalog::CopyTableIdentity(catalog::GetUncheckedIdentity(lfirst_oid(cell)));
        identities = lappend(identities, const_cast<TableIdentity *>(identity));
    }
    RunLocally(call, static_cast<Node *>(copyObjectImpl(call.statement())));
    foreach (cell, identities) KeepIdentity(static_cast<const TableIdentity *>(lfirst(cell)));
    return true;
}

}  // namespace

bool Rename(const UtilityCall &call) {
    const auto *statement = castNode(RenameStmt, call.statement());
    switch (statement->renameType) {
        case OBJECT_COLUMN: {
            List *tables = LockAffectedTables(statement->relation, AccessExclusiveLock);
            if (tables != NIL) RequireOrdinaryColumn(statement);
            return RunAndKeep(call, tables);
        }
        case OBJECT_TABLE:
        case OBJECT_FOREIGN_TABLE:
            return RunAndKeep(call, LockAffectedTables(statement->relation, AccessExclusiveLock));
        case OBJECT_SCHEMA:
            return RunAndKeep(call, KalamTablesOfSchema(statement->subname));
        default:
            return false;
    }
}

bool SetSchema(const UtilityCall &call) {
    const auto *statement = castNode(AlterObjectSchemaStmt, call.statement());
    if (statement->objectType != OBJECT_TABLE && statement->objectType != OBJECT_FOREIGN_TABLE) return false;
    return RunAndKeep(call, LockAffectedTables(statement->relation, AccessExclusiveLock));
}

}  // namespace kalam::backend::ddl
