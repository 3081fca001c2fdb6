// Changes of types whose values KalamDB stores in their text form: those after which the stored texts could not be read
// are refused. Called from the dispatch table (ddl.cc) and by alter_table.cc. Does nothing while kalam.mirror_ddl is off.
#include "backend/ddl/alter_type.h"

#include "backend/ddl/type_users.h"
#include "backend/ddl/utility_call.h"
#include "backend/guc.h"

extern "C" {
#include "catalog/namespace.h"
#include "nodes/makefuncs.h"
#include "nodes/parsenodes.h"
#include "parser/parse_type.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
}

namespace kalam::backend::ddl {

namespace {

bool ChangesRows(const AlterTableStmt *statement) {
    ListCell *cell;
    foreach (cell, statement->cmds) {
        const AlterTableType kind = static_cast<AlterTableCmd *>(lfirst(cell))->subtype;
        if (kind == AT_AddColumn || kind == AT_DropColumn || kind == AT_AlterColumnType) return true;
    }
    return false;
}

}  // namespace

bool AlterEnum(const UtilityCall &call) {
    const auto *statement = castNode(AlterEnumStmt, call.statement());
    if (statement->oldVal == nullptr || !guc::mirror_ddl) return false;
    RunLocally(call);
    const Oid type = typenameTypeId(nullptr, makeTypeNameFromNameList(statement->typeName));
    const char *column = FindKalamColumnOfType(type);
    if (column == nullptr) return true;
    ereport(ERROR,
            (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
             errmsg("cannot rename a value of type %s because column \"%s\" uses it", format_type_be(type),
                    column),
             errdetail("KalamDB stores the value's name in its rows."),
             errhint("ALTER TYPE ... ADD VALUE the new name, and UPDATE the rows that have the old one.")));
}

void RequireRowsUnused(const AlterTableStmt *statement) {
    if (!guc::mirror_ddl || !ChangesRows(statement)) return;
    const Oid relid = RangeVarGetRelid(statement->relation, NoLock, true);
    if (!OidIsValid(relid)) return;
    const Oid type = get_rel_type_id(relid);
    const char *column = OidIsValid(type) ? FindKalamColumnOfType(type) : nullptr;
    if (column == nullptr) return;
    ereport(ERROR,
            (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
             errmsg("cannot alter type %s because column \"%s\" uses it", format_type_be(type), column),
             errdetail("KalamDB stores its values as text, which the new definition could not read."),
             errhint("Drop the column, or change its type to text, first.")));
}

}  // namespace kalam::backend::ddl
