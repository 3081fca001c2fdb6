// GetForeignRelSize: how many rows a scan of a foreign table yields, from what ANALYZE or an import left in
// pg_class. Called by the planner. Nothing remote happens here.
#include "backend/fdw/callbacks.h"
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

// Whether conditions without parameters name the keys, and for `key = value` alone, one row.
void JudgeKeys(const ConditionTarget &target, const RelOptInfo *rel, RelationPlan *plan, bool *one_row) {
    ListCell *cell;
    foreach (cell, ChooseConditions(target, rel->baserestrictinfo)) {
        const Role role = static_cast<const Condition *>(lfirst(cell))->role;
        plan->keyed = plan->keyed || role == Role::kKey || role == Role::kKeys;
        *one_row = *one_row || role == Role::kKey;
    }
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
    bool one_row = false;
    JudgeKeys(target, rel, plan, &one_row);
    table_close(relation, NoLock);

    set_baserel_size_estimates(root, rel);
    if (one_row) rel->rows = 1;
}

}  // namespace kalam::backend::fdw
