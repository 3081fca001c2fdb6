// Turns the text of one statement into a struct (statement.h).
// Called by ExecuteSql and ExecuteQuery. No state; safe from any thread.
#pragma once

#include <string_view>

#include "devserver/sql/statement.h"
#include "devserver/values/result.h"

namespace kalam::devserver::sql {

// A failure's text is the complete message of the call, prefix included: "Invalid SQL: ...", "Invalid
// operation: BEGIN requires a request-scoped execution context", "Execution error: This feature is not
// implemented: ...". Checks that need the catalog (does the namespace exist, is there a key, are column names
// allowed) are the executor's; names.h has their texts.
Result<Statement> Parse(std::string_view sql);

}  // namespace kalam::devserver::sql
