// CREATE TABLE ... USING kalamdb. Called from the dispatch table (ddl.cc).
#include "backend/ddl/create_local.h"
#include "backend/ddl/utility_call.h"

namespace kalam::backend::ddl {

bool CreateTable(const UtilityCall &call) {
    const auto *statement = castNode(CreateStmt, call.statement());
    if (!IsKalamAccessMethod(statement->accessMethod)) return false;
    const ExistingTable existing = statement->if_not_exists ? ExistingTable::kAdopt : ExistingTable::kRefuse;
    (void)CreateKalamTable(call, AsForeignTable(statement), existing);
    return true;
}

}  // namespace kalam::backend::ddl
