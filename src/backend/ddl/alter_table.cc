// ALTER TABLE and ALTER FOREIGN TABLE on kalam tables and on parents of them. PostgreSQL alters the local
// definition first and so makes all its own checks; what became different is then mirrored (alter_mirror.h), so that
// no form of the statement is local only. Called from the dispatch table (ddl.cc).
#include "backend/catalog/table_identity.h"
#include "backend/ddl/affected_tables.h"
#include "backend/ddl/alter_mirror.h"
#include "backend/ddl/alter_type.h"
#include "backend/ddl/column_list.h"
#include "backend/ddl/parse_nodes.h"
#include "backend/ddl/restore.h"
#include "backend/ddl/table_shape.h"
#include "backend/ddl/utility_call.h"
#include "backend/guc.h"

extern "C" {
#include "access/xact.h"
#include "catalog/namespace.h"
#include "commands/tablecmds.h"
#include "foreign/foreign.h"
#include "nodes/parsenodes.h"
#include "nodes/value.h"
#include "parser/parse_type.h"
#include "utils/lsyscache.h"
}

namespace kalam::backend::ddl {

namespace {

bool IsColumnOptionsOnly(const AlterTableStmt *statement) {
    ListCell *cell;
    foreach (cell, statement->cmds) {
        if (static_cast<AlterTableCmd *>(lfirst(cell))->subtype != AT_AlterColumnGenericOptions) return false;
    }
    return true;
}

// A restored dump adds column options that the table took over from the remote one already: adding what is there
// with the same value is no error.
void AllowRepeatedOptions(AlterTableCmd *command, Oid relid) {
    const AttrNumber attnum = get_attnum(relid, command->name);
    if (attnum <= 0) return;
    List *present = GetForeignColumnOptions(relid, attnum);
    ListCell *cell;
    foreach (cell, reinterpret_cast<List *>(command->def)) {
        auto *option = static_cast<DefElem *>(lfirst(cell));
        if (option->defaction != DEFELEM_ADD && option->defaction != DEFELEM_UNSPEC) continue;
        const char *value = FindOption(present, option->defname);
        const char *added = FindOption(list_make1(option), option->defname);
        if (value != nullptr && added != nullptr && strcmp(value, added) == 0)
            option->defaction = DEFELEM_SET;
    }
}

void RewriteAddedColumn(ColumnDef *column, Oid relid) {
    ColumnListContext context;
    context.type = catalog::GetTableIdentity(relid)->type;
    RewriteColumn(column, &context);
    if (context.key == nullptr) return;
    ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
                    errmsg("cannot add a key column to KalamDB table \"%s\"",
                           catalog::GetTableIdentity(relid)->qualified_name)));
}

bool IsSystemColumn(Oid relid, const char *name) {
    const AttrNumber attnum = get_attnum(relid, name);
    return attnum > 0 &&
           catalog::GetUncheckedIdentity(relid)->column(attnum).kind != catalog::ColumnKind::kData;
}

// The column of this table that an expression is, as users write it; null: it is something else.
const char *PlainColumn(const Node *expression, Oid relid) {
    if (!IsA(expression, ColumnRef)) return nullptr;
    List *fields = castNode(ColumnRef, const_cast<Node *>(expression))->fields;
    const bool is_qualified = list_length(fields) == 2;
    if (is_qualified && strcmp(strVal(linitial(fields)), get_rel_name(relid)) != 0) return nullptr;
    if (list_length(fields) > 2 || !IsA(llast(fields), String)) return nullptr;
    return strVal(llast(fields));
}

// Whether a USING expression says no more than TYPE itself: the column, or its cast to that type.
bool SaysNothingNew(const AlterTableCmd *command, const ColumnDef *column, Oid relid) {
    const Node *expression = column->raw_default;
    if (IsA(expression, TypeCast)) {
        const TypeCast *cast = castNode(TypeCast, column->raw_default);
        Oid type, cast_type;
        int32 typmod, cast_typmod;
        typenameTypeIdAndMod(nullptr, column->typeName, &type, &typmod);
        typenameTypeIdAndMod(nullptr, cast->typeName, &cast_type, &cast_typmod);
        if (type != cast_type || (cast_typmod >= 0 && cast_typmod != typmod)) return false;
        expression = cast->arg;
    }
    const char *name = PlainColumn(expression, relid);
    return name != nullptr && strcmp(name, command->name) == 0;
}

// Foreign tables take no USING, but migration tools write one whenever they change a type.
void SettleUsing(const AlterTableCmd *command, Oid relid) {
    auto *column = castNode(ColumnDef, command->def);
    if (column->raw_default == nullptr) return;
    if (!SaysNothingNew(command, column, relid)) {
        ereport(
            ERROR,
            (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
             errmsg("cannot change the values of column \"%s\" of KalamDB tables by USING", command->name),
             errhint("Add a column of the new type, copy the values by UPDATE, and drop the old one.")));
    }
    column->raw_default = nullptr;
}

// Brings one action into the form that PostgreSQL takes for foreign tables, and refuses what has no meaning for
// kalam tables before anything is changed.
void PrepareAction(AlterTableCmd *command, Oid relid) {
    switch (command->subtype) {
        case AT_AddColumn:
            RewriteAddedColumn(castNode(ColumnDef, command->def), relid);
            break;
        case AT_AlterColumnGenericOptions:
            AllowRepeatedOptions(command, relid);
            PrepareRestoredOption(relid, command);
            break;
        case AT_AddIdentity:
            ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
                            errmsg("columns of KalamDB tables cannot become identities"),
                            errhint("ALTER COLUMN ... SET DEFAULT SNOWFLAKE_ID()")));
        case AT_AlterColumnType:
        case AT_SetNotNull:
        case AT_DropNotNull:
        case AT_ColumnDefault:
            if (!IsSystemColumn(relid, command->name)) break;
            ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
                            errmsg("column \"%s\" is a system column of KalamDB", command->name)));
        default:
            break;
    }
}

// Whether the statement is all that its transaction does.
bool IsAlone(const UtilityCall &call) {
    return call.context == PROCESS_UTILITY_TOPLEVEL && !IsTransactionBlock();
}

void PrepareActions(AlterTableStmt *statement) {
    const Oid relid = RangeVarGetRelid(statement->relation, NoLock, false);
    const bool is_parent = !catalog::IsKalamTable(relid);  // of kalam tables
    ListCell *cell;
    foreach (cell, statement->cmds) {
        auto *command = static_cast<AlterTableCmd *>(lfirst(cell));
        if (!is_parent) PrepareAction(command, relid);
        if (command->subtype == AT_AlterColumnType) SettleUsing(command, relid);
    }
}

}  // namespace

bool AlterTable(const UtilityCall &call) {
    const auto *statement = castNode(AlterTableStmt, call.statement());
    RequireRowsUnused(statement);
    if (statement->objtype != OBJECT_TABLE && statement->objtype != OBJECT_FOREIGN_TABLE) return false;
    List *tables = LockAffectedTables(statement->relation, AlterTableGetLockLevel(statement->cmds));
    if (tables == NIL) return false;
    auto *copy = castNode(AlterTableStmt, copyObjectImpl(statement));
    List *shapes = NIL;
    ListCell *cell;
    const bool is_options = IsColumnOptionsOnly(copy);
    if (!is_options) EndRestore();
    if (guc::mirror_ddl) {
        foreach (cell, tables) {
            if (is_options && !IsBeingRestored(lfirst_oid(cell))) continue;
            const Oid relid = lfirst_oid(cell);
            shapes = lappend(
                shapes, const_cast<TableShape *>(is_options ? ReadUncheckedShape(relid) : ReadShape(relid)));
        }
    }
    PrepareActions(copy);
    RunLocally(call, reinterpret_cast<Node *>(copy));
    foreach (cell, shapes) {
        const auto *before = static_cast<const TableShape *>(lfirst(cell));
        if (is_options) {
            ContinueRestore(*before, IsAlone(call));
        } else {
            MirrorDifference(*before, *ReadShape(before->identity->relid));
        }
    }
    return true;
}

}  // namespace kalam::backend::ddl
