// CREATE FOREIGN TABLE ... SERVER <one of ours>: creates the remote table too, or stands for an existing one whose
// definition agrees (a restored dump, a second database). Called from the dispatch table (ddl.cc).
#include "backend/ddl/create_local.h"
#include "backend/ddl/utility_call.h"
#include "backend/endpoint.h"

extern "C" {
#include "foreign/foreign.h"
}

namespace kalam::backend::ddl {

bool CreateForeignTable(const UtilityCall &call) {
    const auto *statement = castNode(CreateForeignTableStmt, call.statement());
    const ForeignServer *server = GetForeignServerByName(statement->servername, true);
    if (server == nullptr || !IsKalamServer(server->serverid)) return false;
    auto *copy = castNode(CreateForeignTableStmt, copyObjectImpl(statement));
    (void)CreateKalamTable(call, copy, ExistingTable::kAdopt);
    return true;
}

}  // namespace kalam::backend::ddl
