// GetForeignUpperPaths: count(*) of a whole shared table can be left to the server (count.h). Called by the
// planner. Nothing remote happens here.
#include "backend/fdw/callbacks.h"
#include "backend/fdw/compat.h"
#include "backend/fdw/count.h"
#include "backend/fdw/relation_plan.h"

extern "C" {
#include "commands/defrem.h"
#include "foreign/foreign.h"
#include "optimizer/planmain.h"
#include "optimizer/tlist.h"
#include "utils/fmgroids.h"
}

namespace kalam::backend::fdw {

namespace {

// Counting costs the server about half of what handing the rows over does.
constexpr double kCountCostShare = 0.5;

bool IsPlainCount(const Node *expr) {
    if (!IsA(expr, Aggref)) return false;
    const auto *aggregate = reinterpret_cast<const Aggref *>(expr);
    return aggregate->aggfnoid == F_COUNT_ && aggregate->aggfilter == nullptr &&
           aggregate->aggsplit == AGGSPLIT_SIMPLE;
}

// Whether a query's aggregation is nothing but count(*) over all rows.
bool CountsAll(const Query *query, const PathTarget *target) {
    if (query->groupClause != NIL || query->groupingSets != NIL || query->havingQual != nullptr ||
        query->hasTargetSRFs || target->exprs == NIL)
        return false;
    ListCell *cell;
    foreach (cell, target->exprs) {
        if (!IsPlainCount(static_cast<const Node *>(lfirst(cell)))) return false;
    }
    return true;
}

// The server's SQL ignores who may read a table that is for its administrators only; scans do not.
bool IsForAdministrators(Oid relid) {
    ListCell *cell;
    foreach (cell, GetForeignTable(relid)->options) {
        auto *option = static_cast<DefElem *>(lfirst(cell));
        if (strcmp(option->defname, "access_level") == 0 && pg_strcasecmp(defGetString(option), "dba") == 0)
            return true;
    }
    return false;
}

bool CanCount(const RelOptInfo *input) {
    return input->reloptkind == RELOPT_BASEREL && input->fdw_private != nullptr &&
           input->baserestrictinfo == NIL && bms_is_empty(input->lateral_relids) &&
           PlanOf(input)->identity->type == common::TableType::kShared &&
           !IsForAdministrators(PlanOf(input)->identity->relid);
}

}  // namespace

void GetForeignUpperPaths(PlannerInfo *root, UpperRelationKind stage, RelOptInfo *input, RelOptInfo *output,
                          void *) {
    PathTarget *target = root->upper_targets[UPPERREL_GROUP_AGG];
    if (stage != UPPERREL_GROUP_AGG || output->fdw_private != nullptr || !CanCount(input) ||
        !CountsAll(root->parse, target))
        return;
    output->fdw_private = input->fdw_private;
    const Cost cost = kScanStartCost + PlanOf(input)->rows_in_table * kRemoteRowCost * kCountCostShare;
    add_path(output, reinterpret_cast<Path *>(compat::CreateUpperPath(root, output, target, 1, cost, cost)));
}

ForeignScan *MakeCountPlan(RelOptInfo *rel, List *tlist) {
    List *counts = add_to_flat_tlist(NIL, rel->reltarget->exprs);
    return make_foreignscan(tlist, NIL, 0, NIL, list_make1_oid(PlanOf(rel)->identity->relid), counts, NIL,
                            nullptr);
}

}  // namespace kalam::backend::fdw
