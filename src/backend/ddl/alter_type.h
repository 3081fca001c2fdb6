// What ALTER TYPE, and ALTER TABLE of a table that serves as a type, must not do while kalam tables store values of the
// type. The handler of ALTER TYPE ... RENAME VALUE is in utility_call.h. Called by alter_table.cc.
#pragma once

#include "backend/pg.h"

extern "C" {
#include "nodes/parsenodes.h"
}

namespace kalam::backend::ddl {

// Raises 0A000 if the statement adds, drops or changes columns of a row type that columns of kalam tables use.
void RequireRowsUnused(const AlterTableStmt *statement);

}  // namespace kalam::backend::ddl
