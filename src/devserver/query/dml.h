// INSERT, UPDATE and DELETE in SQL: SQLite finds the rows and computes the values, the typed write path stores them.
// Called by the statement runner without any lock. User and stream tables are written as user pg-extension.
#pragma once

#include <cstddef>

#include "devserver/core.h"
#include "devserver/sql/query.h"

namespace kalam::devserver::query {

// Each returns the number of rows affected; a refusal is an RpcError (Internal).
size_t RunInsert(Core &core, const sql::Query &query);
size_t RunUpdate(Core &core, const sql::Query &query);
size_t RunDelete(Core &core, const sql::Query &query);

}  // namespace kalam::devserver::query
