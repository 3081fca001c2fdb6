// GetForeignPlan: turns a path into a ForeignScan node: which columns to ask for and which conditions, with
// their values as expressions. All conditions stay in the plan and are checked locally. Called by the
// planner. Nothing remote happens here.
#include "backend/fdw/callbacks.h"
#include "backend/fdw/conditions.h"
#include "backend/fdw/count.h"
#include "backend/fdw/relation_plan.h"

extern "C" {
#include "access/table.h"
#include "nodes/makefuncs.h"
#include "optimizer/optimizer.h"
#include "optimizer/planmain.h"
#include "optimizer/restrictinfo.h"
#include "utils/rel.h"
}

namespace kalam::backend::fdw {

namespace {

// The columns that the plan's output and conditions mention.
List *ColumnsFor(const RelOptInfo *rel, const catalog::TableIdentity *identity, List *clauses) {
    Bitmapset *used = nullptr;
    pull_varattnos(reinterpret_cast<Node *>(rel->reltarget->exprs), rel->relid, &used);
    ListCell *cell;
    foreach (cell, clauses) {
        pull_varattnos(reinterpret_cast<Node *>(static_cast<RestrictInfo *>(lfirst(cell))->clause),
                       rel->relid, &used);
    }
    return UsedColumns(identity, used);
}

}  // namespace

ForeignScan *GetForeignPlan(PlannerInfo *root, RelOptInfo *rel, Oid relid, ForeignPath *, List *tlist,
                            List *clauses, Plan *outer_plan) {
    if (rel->reloptkind == RELOPT_UPPER_REL) return MakeCountPlan(rel, tlist);
    const RelationPlan *plan = PlanOf(rel);
    const Relation relation = table_open(relid, NoLock);
    const ConditionTarget target = {.root = root,
                                    .relid = rel->relid,
                                    .relids = rel->relids,
                                    .identity = plan->identity,
                                    .desc = RelationGetDescr(relation)};
    List *conditions = NIL;
    List *values = NIL;
    ListCell *cell;
    foreach (cell, ChooseConditions(target, clauses)) {
        const auto *condition = static_cast<const Condition *>(lfirst(cell));
        conditions =
            lappend(conditions, list_make2_int(static_cast<int>(condition->role), condition->attnum));
        values = lappend(values, condition->value);
    }
    table_close(relation, NoLock);

    // In the order of PrivateItem.
    List *fdw_private =
        list_make4(ColumnsFor(rel, plan->identity, clauses), conditions,
                   makeFloat(psprintf("%.0f", plan->rows_in_table)), makeBoolean(plan->is_target));
    return make_foreignscan(tlist, extract_actual_clauses(clauses, false), rel->relid, values, fdw_private,
                            NIL, NIL, outer_plan);
}

}  // namespace kalam::backend::fdw
