// GetForeignRelSize: how many rows a scan of a foreign table yields, from what ANALYZE or an import left in
// pg_class. Called by the planner. Nothing remote happens here.
#include "backend/fdw/callbacks.h"
#include "backend/fdw/compat.h"
#include "backend/fdw/conditions.h"
#include "backend/fdw/relation_plan.h"

extern "C" {
#include "access/table.h"
#include "optimizer/cost.h"
#include "optimizer/optimizer.h"
#include "utils/rel.h"
}

namespace kalam::backend::fdw {

namespace {

// How many rows the keys named by conditions without parameters come to; 0: none are named.
double CountKeys(const ConditionTarget &target, const RelOptInfo *rel) {
    ListCell *cell;
    foreach (cell, ChooseConditions(target, rel->baserestrictinfo)) {
        const auto *condition = static_cast<const Condition *>(lfirst(cell));
        if (condition->role == Role::kKey) return 1;
        if (condition->role == Role::kKeys)
            return Max(compat::ArrayLength(target.root, reinterpret_cast<Node *>(condition->value)), 1);
    }
    return 0;
}

}  // namespace

void GetForeignRelSize(PlannerInfo *root, RelOptInfo *rel, Oid relid) {
    auto *plan = static_cast<RelationPlan *>(palloc0(sizeof(RelationPlan)));
    plan->identity = catalog::CopyTableIdentity(catalog::GetTableIdentity(relid));
    plan->is_target = bms_is_member(static_cast<int>(rel->relid), root->all_result_relids);
    // Never analyzed tables have -1 (PostgreSQL 14 and later); an empty one is unlikely to stay empty.
    plan->rows_in_table = rel->tuples > 0 ? rel->tuples : kGuessedRows;
    rel->tuples = plan->rows_in_table;
    rel->fdw_private = plan;

    const Relation relation = table_open(relid, NoLock);
    const ConditionTarget target = {.root = root,
                                    .relid = rel->relid,
                                    .relids = rel->relids,
                                    .identity = plan->identity,
                                    .desc = RelationGetDescr(relation)};
    const double keys = CountKeys(target, rel);
    table_close(relation, NoLock);

    set_baserel_size_estimates(root, rel);
    plan->keyed = keys > 0;
    if (plan->keyed) rel->rows = Min(rel->rows, keys);
}

}  // namespace kalam::backend::fdw
