// GetForeignPaths: a scan of the table (or a lookup, where conditions name keys), and for each relation that
// could supply keys in a nested loop, a lookup parameterised by it. Called by the planner. Nothing remote
// happens here.
#include "backend/fdw/callbacks.h"
#include "backend/fdw/compat.h"
#include "backend/fdw/conditions.h"
#include "backend/fdw/relation_plan.h"

extern "C" {
#include "access/table.h"
#include "optimizer/cost.h"
#include "optimizer/optimizer.h"
#include "optimizer/pathnode.h"
#include "optimizer/paths.h"
#include "optimizer/restrictinfo.h"
#include "utils/rel.h"
}

namespace kalam::backend::fdw {

namespace {

// The server reads every row of the table before it answers, unless it is asked for keys.
void AddScanPath(PlannerInfo *root, RelOptInfo *rel) {
    const RelationPlan *plan = PlanOf(rel);
    const Cost startup =
        plan->keyed ? kLookupCost * Max(rel->rows, 1) : kScanStartCost + plan->rows_in_table * kRemoteRowCost;
    const Cost local = rel->rows * cpu_tuple_cost + rel->baserestrictcost.per_tuple * rel->rows;
    add_path(rel, reinterpret_cast<Path *>(compat::CreateForeignPath(root, rel, rel->rows, startup,
                                                                     startup + local, rel->lateral_relids)));
}

// Adds the relations that `clause` would take the key from, unless they are there already.
List *AddSupplier(const ConditionTarget &target, const RelOptInfo *rel, const RestrictInfo *info,
                  List *suppliers) {
    Condition condition;
    if (!join_clause_is_movable_to(const_cast<RestrictInfo *>(info), const_cast<RelOptInfo *>(rel)) ||
        !FindCondition(target, info->clause, &condition) || condition.role != Role::kKey)
        return suppliers;
    Relids outer = bms_union(info->clause_relids, rel->lateral_relids);
    outer = bms_del_member(outer, static_cast<int>(rel->relid));
    if (bms_is_empty(outer)) return suppliers;
    ListCell *cell;
    foreach (cell, suppliers) {
        if (bms_equal(static_cast<Relids>(lfirst(cell)), outer)) return suppliers;
    }
    return lappend(suppliers, outer);
}

struct KeyMember {
    AttrNumber key;
};

// Whether a member of an equivalence class is the key column.
bool IsKeyMember(PlannerInfo *, RelOptInfo *rel, EquivalenceClass *, EquivalenceMember *member,
                 void *argument) {
    Expr *expr = member->em_expr;
    while (IsA(expr, RelabelType)) expr = reinterpret_cast<RelabelType *>(expr)->arg;
    if (!IsA(expr, Var)) return false;
    const Var *var = reinterpret_cast<const Var *>(expr);
    return static_cast<Index>(var->varno) == rel->relid &&
           var->varattno == static_cast<const KeyMember *>(argument)->key;
}

List *FindSuppliers(PlannerInfo *root, RelOptInfo *rel, const ConditionTarget &target) {
    List *suppliers = NIL;
    ListCell *cell;
    foreach (cell, rel->joininfo)
        suppliers = AddSupplier(target, rel, static_cast<RestrictInfo *>(lfirst(cell)), suppliers);
    if (rel->has_eclass_joins) {
        KeyMember member = {target.identity->key};
        List *clauses =
            generate_implied_equalities_for_column(root, rel, IsKeyMember, &member, rel->lateral_referencers);
        foreach (cell, clauses)
            suppliers = AddSupplier(target, rel, static_cast<RestrictInfo *>(lfirst(cell)), suppliers);
    }
    return suppliers;
}

void AddLookupPaths(PlannerInfo *root, RelOptInfo *rel, const ConditionTarget &target) {
    ListCell *cell;
    foreach (cell, FindSuppliers(root, rel, target)) {
        auto *outer = static_cast<Relids>(lfirst(cell));
        ParamPathInfo *param = get_baserel_parampathinfo(root, rel, outer);
        param->ppi_rows = 1;  // a key names one row
        add_path(rel, reinterpret_cast<Path *>(compat::CreateForeignPath(
                          root, rel, 1, kLookupCost, kLookupCost + cpu_tuple_cost, outer)));
    }
}

}  // namespace

void GetForeignPaths(PlannerInfo *root, RelOptInfo *rel, Oid relid) {
    AddScanPath(root, rel);
    const RelationPlan *plan = PlanOf(rel);
    if (plan->identity->key == InvalidAttrNumber || plan->keyed) return;
    const Relation relation = table_open(relid, NoLock);
    AddLookupPaths(root, rel,
                   {.root = root,
                    .relid = rel->relid,
                    .relids = rel->relids,
                    .identity = plan->identity,
                    .desc = RelationGetDescr(relation)});
    table_close(relation, NoLock);
}

}  // namespace kalam::backend::fdw
