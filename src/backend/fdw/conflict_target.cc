// ON CONFLICT (column) DO NOTHING on a foreign table of ours (conflict_target.h). The planner looks for the unique index that
// the columns stand for, and foreign tables have none. A key is the only thing that is unique in KalamDB, so where the
// key's column is named, and nothing else, the statement means the same without it: it is taken out before planning.
#include "backend/fdw/conflict_target.h"

#include "backend/catalog/table_identity.h"

extern "C" {
#include "nodes/primnodes.h"
#include "optimizer/planner.h"
#include "parser/parsetree.h"
}

namespace kalam::backend::fdw {

namespace {

planner_hook_type previous_hook = nullptr;

// The column of the table if the arbiter is that alone: no expression, no collation, no operator class.
AttrNumber PlainColumn(const OnConflictExpr *conflict, int table) {
    if (list_length(conflict->arbiterElems) != 1 || conflict->arbiterWhere != nullptr)
        return InvalidAttrNumber;
    const auto *element = static_cast<const InferenceElem *>(linitial(conflict->arbiterElems));
    if (!IsA(element->expr, Var) || OidIsValid(element->infercollid) || OidIsValid(element->inferopclass))
        return InvalidAttrNumber;
    const auto *column = reinterpret_cast<const Var *>(element->expr);
    return column->varno == table && column->varlevelsup == 0 ? column->varattno : InvalidAttrNumber;
}

void DropKeyTarget(Query *query) {
    OnConflictExpr *conflict = query->onConflict;
    if (conflict == nullptr || conflict->action != ONCONFLICT_NOTHING) return;
    const AttrNumber column = PlainColumn(conflict, query->resultRelation);
    const RangeTblEntry *table = rt_fetch(query->resultRelation, query->rtable);
    if (column == InvalidAttrNumber || table->relkind != RELKIND_FOREIGN_TABLE ||
        !catalog::IsKalamTable(table->relid))
        return;
    if (catalog::GetTableIdentity(table->relid)->key == column) conflict->arbiterElems = NIL;
}

PlannedStmt *Plan(Query *query, const char *text, int options, ParamListInfo parameters) {
    DropKeyTarget(query);
    if (query->hasModifyingCTE) {
        ListCell *cell;
        foreach (cell, query->cteList)
            DropKeyTarget(castNode(Query, static_cast<CommonTableExpr *>(lfirst(cell))->ctequery));
    }
    return (previous_hook != nullptr ? previous_hook : standard_planner)(query, text, options, parameters);
}

}  // namespace

void InitConflictTarget() {
    previous_hook = planner_hook;
    planner_hook = Plan;
}

}  // namespace kalam::backend::fdw
