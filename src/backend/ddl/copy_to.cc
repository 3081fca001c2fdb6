// COPY table TO: PostgreSQL refuses it for every foreign table and tells users to write COPY (SELECT ...) TO, which is what drivers
// and \copy cannot. So that is what is done. Called by ddl.cc.
#include "backend/catalog/table_identity.h"
#include "backend/ddl/utility_call.h"

extern "C" {
#include "catalog/namespace.h"
#include "nodes/makefuncs.h"
}

namespace kalam::backend::ddl {

namespace {

ResTarget *MakeTarget(Node *field) {
    auto *column = makeNode(ColumnRef);
    column->fields = list_make1(field);
    column->location = -1;
    auto *target = makeNode(ResTarget);
    target->val = reinterpret_cast<Node *>(column);
    target->location = -1;
    return target;
}

SelectStmt *MakeSelect(const CopyStmt *copy) {
    auto *select = makeNode(SelectStmt);
    ListCell *cell;
    foreach (cell, copy->attlist)
        select->targetList = lappend(select->targetList, MakeTarget(static_cast<Node *>(lfirst(cell))));
    if (copy->attlist == NIL)
        select->targetList = list_make1(MakeTarget(reinterpret_cast<Node *>(makeNode(A_Star))));
    copy->relation->inh = false;
    select->fromClause = list_make1(copy->relation);
    return select;
}

}  // namespace

bool CopyTo(const UtilityCall &call) {
    const auto *statement = castNode(CopyStmt, call.statement());
    if (statement->is_from || statement->relation == nullptr) return false;
    const Oid relid = RangeVarGetRelid(statement->relation, AccessShareLock, true);
    if (!OidIsValid(relid) || !catalog::IsKalamTable(relid)) return false;
    auto *copy = castNode(CopyStmt, copyObjectImpl(statement));
    copy->query = reinterpret_cast<Node *>(MakeSelect(copy));
    copy->relation = nullptr;
    copy->attlist = NIL;
    RunLocally(call, reinterpret_cast<Node *>(copy));
    return true;
}

}  // namespace kalam::backend::ddl
