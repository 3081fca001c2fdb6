// PlanDirectModify: an UPDATE or DELETE of one key whose new values do not depend on the row needs no scan.
// Called by the planner. Nothing remote happens here.
#include "backend/fdw/callbacks.h"
#include "backend/fdw/columns.h"
#include "backend/fdw/conditions.h"
#include "backend/fdw/relation_plan.h"

extern "C" {
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/appendinfo.h"
#include "optimizer/clauses.h"
#include "optimizer/optimizer.h"
#include "parser/parsetree.h"
#include "utils/lsyscache.h"
}

namespace kalam::backend::fdw {

using catalog::ColumnKind;
using catalog::TableIdentity;

namespace {

// The scan of the target below the ModifyTable, if it is asked for one key and checks nothing else.
ForeignScan *KeyedScan(const ModifyTable *plan, Index index) {
    Plan *source = plan->plan.lefttree;
    if (list_length(plan->resultRelations) != 1 || plan->returningLists != NIL || !IsA(source, ForeignScan))
        return nullptr;
    auto *scan = reinterpret_cast<ForeignScan *>(source);
    const auto *conditions = static_cast<const List *>(list_nth(scan->fdw_private, kPrivateConditions));
    if (scan->scan.scanrelid != index || list_length(source->qual) != 1 || list_length(conditions) != 1)
        return nullptr;
    const auto *condition = static_cast<const List *>(linitial(conditions));
    return static_cast<Role>(linitial_int(condition)) == Role::kKey ? scan : nullptr;
}

// Whether a new value can be computed without the old row.
bool IsIndependent(Expr *value) {
    auto *node = reinterpret_cast<Node *>(value);
    return !contain_var_clause(node) && !contain_subplans(node);
}

// The columns that an UPDATE sets, and their values; false where a row is needed for it.
bool FindAssignments(PlannerInfo *root, Index index, const TableIdentity *identity, List **columns,
                     List **values) {
    List *targets = NIL;
    List *attnums = NIL;
    get_translated_update_targetlist(root, index, &targets, &attnums);
    ListCell *target;
    ListCell *attnum;
    forboth(target, targets, attnum, attnums) {
        const AttrNumber column = static_cast<AttrNumber>(lfirst_int(attnum));
        Expr *value = static_cast<TargetEntry *>(lfirst(target))->expr;
        const ColumnKind kind = identity->column(column).kind;
        if (kind == ColumnKind::kSeq) continue;  // given values are ignored
        if (kind != ColumnKind::kData || column == identity->key || !IsIndependent(value)) return false;
        *columns = lappend_int(*columns, column);
        *values = lappend(*values, value);
    }
    return *columns != NIL;
}

}  // namespace

bool PlanDirectModify(PlannerInfo *root, ModifyTable *plan, Index index, int) {
    ForeignScan *scan = KeyedScan(plan, index);
    const TableIdentity *identity = catalog::GetTableIdentity(planner_rt_fetch(index, root)->relid);
    if (scan == nullptr || identity->type == common::TableType::kStream) return false;
    // A partition's constraint is checked on the new row.
    if (plan->operation == CMD_UPDATE && get_rel_relispartition(identity->relid)) return false;
    List *columns = NIL;
    List *values = NIL;
    if (plan->operation == CMD_UPDATE && !FindAssignments(root, index, identity, &columns, &values))
        return false;
    if (plan->operation != CMD_UPDATE && plan->operation != CMD_DELETE) return false;
    scan->operation = plan->operation;
    scan->resultRelation = index;
    scan->fdw_exprs = list_concat(scan->fdw_exprs, values);
    scan->fdw_private = lappend(scan->fdw_private, columns);
    scan->fdw_private = lappend(scan->fdw_private, makeBoolean(plan->canSetTag));
    return true;
}

}  // namespace kalam::backend::fdw
