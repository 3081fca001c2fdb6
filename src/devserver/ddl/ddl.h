// Executes the statements that change the catalog, and answers with KalamDB's messages.
// Called by the statement runner without any lock; each takes the Database's WriteLock. A refusal is an RpcError
// (Internal).
#pragma once

#include <string>

#include "devserver/core.h"
#include "devserver/sql/statement.h"

namespace kalam::devserver::ddl {

std::string Execute(Core &core, const sql::CreateNamespace &statement);
std::string Execute(Core &core, const sql::DropNamespace &statement);
std::string Execute(Core &core, const sql::AlterNamespace &statement);
std::string Execute(Core &core, const sql::UseNamespace &statement);
std::string Execute(Core &core, const sql::CreateTable &statement);
std::string Execute(Core &core, const sql::AlterTable &statement);
std::string Execute(Core &core, const sql::DropTable &statement);
std::string Execute(Core &core, const sql::FlushTable &statement);
std::string Execute(Core &core, const sql::FlushAll &statement);
std::string Execute(Core &core, const sql::CreateStorage &statement);
std::string Execute(Core &core, const sql::AlterStorage &statement);
std::string Execute(Core &core, const sql::DropStorage &statement);
std::string Execute(Core &core, const sql::CreateUser &statement);
std::string Execute(Core &core, const sql::AlterUser &statement);
std::string Execute(Core &core, const sql::DropUser &statement);

// "Not found: Table 't' not found in namespace 'ns'".
[[noreturn]] void RefuseMissingTable(const sql::TableName &name);

}  // namespace kalam::devserver::ddl
