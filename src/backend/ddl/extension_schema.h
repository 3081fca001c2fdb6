// Where the extension's own functions are. Called by the DDL handlers that write calls of them into parse trees.
#pragma once

#include "backend/pg.h"

namespace kalam::backend::ddl {

// The schema that holds snowflake_id() and the others. Raises 42704 with a hint where the extension is not
// installed in this database.
const char *ExtensionSchema();

}  // namespace kalam::backend::ddl
