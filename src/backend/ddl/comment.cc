// COMMENT ON TABLE reaches kalam tables too, which were made by CREATE TABLE but are foreign tables to PostgreSQL.
// Comments are local. Called from the dispatch table (ddl.cc).
#include "backend/catalog/table_identity.h"
#include "backend/ddl/utility_call.h"

extern "C" {
#include "catalog/namespace.h"
#include "nodes/makefuncs.h"
#include "nodes/parsenodes.h"
}

namespace kalam::backend::ddl {

bool Comment(const UtilityCall &call) {
    const auto *statement = castNode(CommentStmt, call.statement());
    if (statement->objtype != OBJECT_TABLE) return false;
    const RangeVar *name = makeRangeVarFromNameList(castNode(List, statement->object));
    const Oid relid = RangeVarGetRelid(name, NoLock, true);
    if (!OidIsValid(relid) || !catalog::IsKalamTable(relid)) return false;
    auto *foreign = castNode(CommentStmt, copyObjectImpl(statement));
    foreign->objtype = OBJECT_FOREIGN_TABLE;
    RunLocally(call, reinterpret_cast<Node *>(foreign));
    return true;
}

}  // namespace kalam::backend::ddl
