// The local half of creating a kalam table, shared by the statements that do: names, options and columns are
// completed in the parse tree, PostgreSQL makes the foreign table, then the remote half follows. Called by
// create_table.cc and create_foreign_table.cc.
#pragma once

#include "backend/ddl/create_remote.h"
#include "backend/ddl/utility_call.h"
#include "backend/pg.h"

extern "C" {
#include "nodes/parsenodes.h"
}

namespace kalam::backend::ddl {

// Creates the table of `statement` (a copy that may be changed) on both sides. A table that is there already and
// IF NOT EXISTS end in PostgreSQL's notice, without a remote call. Returns the new table, InvalidOid for none.
Oid CreateKalamTable(const UtilityCall &call, CreateForeignTableStmt *statement, ExistingTable existing);

// Makes the statement for CREATE TABLE ... USING kalamdb of its parse tree (copied). Raises 0A000 for what a kalam
// table cannot be (TEMP, UNLOGGED, INHERITS, partitions, ...), 22023 and HV00D for options.
CreateForeignTableStmt *AsForeignTable(const CreateStmt *statement);

// Whether an access method's name is ours.
bool IsKalamAccessMethod(const char *name);

}  // namespace kalam::backend::ddl
