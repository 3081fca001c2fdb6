// Local ALTER FOREIGN TABLE statements made of parse nodes (local_change.h).
#include "backend/ddl/local_change.h"

#include "backend/ddl/utility_call.h"

extern "C" {
#include "foreign/foreign.h"
#include "nodes/makefuncs.h"
#include "nodes/parsenodes.h"
#include "nodes/value.h"
#include "utils/lsyscache.h"
}

namespace kalam::backend::ddl {

namespace {

void Alter(Oid relid, AlterTableCmd *command) {
    AlterTableStmt *statement = makeNode(AlterTableStmt);
    statement->relation = makeRangeVar(get_namespace_name(get_rel_namespace(relid)), get_rel_name(relid), -1);
    statement->relation->inh = false;
    statement->cmds = list_make1(command);
    statement->objtype = OBJECT_FOREIGN_TABLE;
    RunSubcommand(reinterpret_cast<Node *>(statement));
}

AlterTableCmd *MakeCommand(AlterTableType kind, const char *column) {
    AlterTableCmd *command = makeNode(AlterTableCmd);
    command->subtype = kind;
    command->name = column == nullptr ? nullptr : pstrdup(column);
    command->behavior = DROP_RESTRICT;
    return command;
}

// OPTIONS (ADD|SET option 'value'), by what is there now.
Node *OptionChange(List *present, const char *option, const char *value) {
    DefElemAction action = DEFELEM_ADD;
    ListCell *cell;
    foreach (cell, present) {
        if (strcmp(static_cast<DefElem *>(lfirst(cell))->defname, option) == 0) action = DEFELEM_SET;
    }
    Node *argument = reinterpret_cast<Node *>(makeString(pstrdup(value)));
    DefElem *change = makeDefElemExtended(nullptr, pstrdup(option), argument, action, -1);
    return reinterpret_cast<Node *>(list_make1(change));
}

}  // namespace

void SetLocalColumnOption(Oid relid, AttrNumber attnum, const char *option, const char *value) {
    AlterTableCmd *command = MakeCommand(AT_AlterColumnGenericOptions, get_attname(relid, attnum, false));
    command->def = OptionChange(GetForeignColumnOptions(relid, attnum), option, value);
    Alter(relid, command);
}

void DropLocalColumnOption(Oid relid, AttrNumber attnum, const char *option) {
    ListCell *cell;
    foreach (cell, GetForeignColumnOptions(relid, attnum)) {
        if (strcmp(static_cast<DefElem *>(lfirst(cell))->defname, option) != 0) continue;
        AlterTableCmd *command = MakeCommand(AT_AlterColumnGenericOptions, get_attname(relid, attnum, false));
        DefElem *change = makeDefElemExtended(nullptr, pstrdup(option), nullptr, DEFELEM_DROP, -1);
        command->def = reinterpret_cast<Node *>(list_make1(change));
        Alter(relid, command);
    }
}

void SetLocalTableOption(Oid relid, const char *option, const char *value) {
    AlterTableCmd *command = MakeCommand(AT_GenericOptions, nullptr);
    command->def = OptionChange(GetForeignTable(relid)->options, option, value);
    Alter(relid, command);
}

void SetLocalNotNull(Oid relid, AttrNumber attnum) {
    Alter(relid, MakeCommand(AT_SetNotNull, get_attname(relid, attnum, false)));
}

}  // namespace kalam::backend::ddl
