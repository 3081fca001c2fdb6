// Adds a column remotely, under a fresh name, with its value in existing rows (add_column.h).
#include "backend/ddl/add_column.h"

#include "backend/ddl/local_change.h"
#include "backend/ddl/parse_nodes.h"
#include "backend/ddl/pending.h"
#include "backend/ddl/remote_catalog.h"
#include "backend/ddl/remote_sql.h"
#include "backend/options.h"
#include "backend/xact.h"

extern "C" {
#include "foreign/foreign.h"
}

namespace kalam::backend::ddl {

namespace {

bool IsUsedName(const Endpoint *endpoint, const TableShape &table, const char *name) {
    return WasEverColumn(endpoint, table.identity->remote_namespace, table.identity->remote_table, name);
}

// A name that no column of the table ever had: stored rows keep the values of dropped columns by name.
const char *FreshRemoteName(const Endpoint *endpoint, const TableShape &table, const char *wanted) {
    const char *name = wanted;
    for (int suffix = 2; IsUsedName(endpoint, table, name); ++suffix)
        name = psprintf("%s_%d", wanted, suffix);
    return name;
}

// Whether the statement itself said which remote column this is.
bool NamesRemoteColumn(const TableShape &table, const ColumnShape &column) {
    List *options = GetForeignColumnOptions(table.identity->relid, column.attnum);
    return FindOption(options, NameOf(Option::kColumnName)) != nullptr;
}

// A remote column that was named: true if it is there, false if the name is free. Raises otherwise.
bool FindNamedColumn(const Endpoint *endpoint, const TableShape &table, const ColumnShape &column) {
    const RemoteTable *remote =
        FindRemoteTable(endpoint, table.identity->remote_namespace, table.identity->remote_table);
    const RemoteColumn *counterpart = remote == nullptr ? nullptr : remote->Find(column.remote_name);
    if (counterpart == nullptr && !IsUsedName(endpoint, table, column.remote_name)) return false;
    if (counterpart != nullptr && IsRemoteType(column.type, counterpart->type_text)) return true;
    ereport(ERROR, (errcode(ERRCODE_DUPLICATE_COLUMN),
                    errmsg("column \"%s\" cannot stand for \"%s\" of the KalamDB table", column.name,
                           column.remote_name),
                    counterpart == nullptr
                        ? errdetail("A dropped column had that name, and its values would be back.")
                        : errdetail("That has type %s.", counterpart->type_text)));
}

void WarnNotFilled(const ColumnShape &column, const TableShape &table) {
    ereport(WARNING, (errmsg("existing rows of \"%s\" do not get the default of column \"%s\"",
                             table.identity->qualified_name, column.name),
                      errdetail("KalamDB cannot update the rows of all users at once; they show NULL.")));
}

void MakeNotNull(const Endpoint *endpoint, const TableShape &table, const ColumnShape &column) {
    // Somebody else may have written a row without it meanwhile.
    if (HasRow(endpoint, table.identity->remote_namespace, table.identity->remote_table,
               psprintf("%s IS NULL", column.remote_name))) {
        ThrowContainsNulls(column, table);
    }
    if (!MayBeNotNull(endpoint, table)) return;
    (void)RunRemote(endpoint, SetNotNullSql(table, column, true));  // dropping the column undoes it
}

bool HasStagedRows(const Endpoint *endpoint, const TableShape &table) {
    FlushHeldBack();
    return HasStagedWrites(endpoint, table.identity->name());
}

void RequirePossibleInRows(const ColumnShape &column, const TableShape &table) {
    if (column.is_generated) {
        ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
                        errmsg("cannot add generated column \"%s\" to KalamDB table \"%s\", which has rows",
                               column.name, table.identity->qualified_name)));
    }
    if (column.not_null && column.local_default == nullptr) ThrowContainsNulls(column, table);
}

}  // namespace

bool MayBeNotNull(const Endpoint *endpoint, const TableShape &table) {
    if (table.identity->type == common::TableType::kStream)
        return false;  // SQL does not show whether it has rows
    return !WasFlushed(endpoint, table.identity->remote_namespace, table.identity->remote_table);
}

void RequireNoStagedRows(const Endpoint *endpoint, const TableShape &table) {
    if (!HasStagedRows(endpoint, table)) return;
    ereport(ERROR,
            (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
             errmsg("cannot alter KalamDB table \"%s\" in this way in a transaction that has written to it",
                    table.identity->qualified_name),
             errdetail("The rows written so far are not visible to the server's DDL."),
             errhint("Commit first.")));
}

NewColumn *PlanNewColumn(const Endpoint *endpoint, const TableShape &table, const ColumnShape &column) {
    const catalog::TableIdentity &identity = *table.identity;
    auto *plan = static_cast<NewColumn *>(palloc0(sizeof(NewColumn)));
    plan->column = column;
    if (NamesRemoteColumn(table, column)) {
        plan->adopts = FindNamedColumn(endpoint, table, column);
        if (plan->adopts) return plan;
    } else {
        plan->column.remote_name = FreshRemoteName(endpoint, table, column.remote_name);
    }
    const bool matters = column.not_null || column.local_default != nullptr || column.is_generated;
    plan->starts_nullable = true;
    if (!matters) return plan;
    const bool is_stream = identity.type == common::TableType::kStream;
    const bool has_default = column.local_default != nullptr;
    plan->has_staged_rows = HasStagedRows(endpoint, table);
    if (!has_default || !CanRefreshRemoteTransaction(endpoint)) RequireNoStagedRows(endpoint, table);
    if (!plan->has_staged_rows &&
        !HasRow(endpoint, identity.remote_namespace, identity.remote_table, nullptr)) {
        plan->starts_nullable = !column.not_null || !MayBeNotNull(endpoint, table);
        if (is_stream && column.not_null && has_default) WarnNotFilled(column, table);
        return plan;
    }
    RequirePossibleInRows(column, table);
    if (identity.type == common::TableType::kShared) {
        plan->fill = PlanFill(endpoint, table, plan->column);
    } else {
        WarnNotFilled(column, table);
    }
    return plan;
}

void AddNewColumn(const Endpoint *endpoint, const TableShape &table, const NewColumn &plan) {
    const ColumnShape &column = plan.column;
    if (column.has_local_only_default()) TellLocalDefault(column);
    if (plan.adopts) return;
    if (strcmp(column.remote_name, table.ByAttnum(column.attnum)->remote_name) != 0) {
        SetLocalColumnOption(table.identity->relid, column.attnum, NameOf(Option::kColumnName),
                             column.remote_name);
    }
    RunUndoable(endpoint, AddColumnSql(table, column, !plan.starts_nullable),
                DropColumnSql(*table.identity, column.remote_name));
    if (plan.fill == nullptr) return;
    FillColumn(endpoint, table, column, *plan.fill);
    if (column.not_null && !plan.has_staged_rows) MakeNotNull(endpoint, table, column);
    RefreshRemoteTransaction(endpoint);
    if (plan.has_staged_rows) FillStagedRows(endpoint, table, column, *plan.fill);
}

void TellLocalDefault(const ColumnShape &column) {
    ereport(NOTICE, (errmsg("the default of column \"%s\" is applied by PostgreSQL only", column.name),
                     errdetail("KalamDB has no such default.")));
}

}  // namespace kalam::backend::ddl
