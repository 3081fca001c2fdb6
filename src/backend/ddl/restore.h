// Definitions out of a dump whose remote table does not exist: it is created. What a dump says of a column in statements
// of their own - remote name, key, KalamDB's type - is not known then, so the table is created as far as it is known and
// created anew, empty as it is, when an ALTER FOREIGN TABLE ... ALTER COLUMN ... OPTIONS tells more. That lasts as long as
// these statements follow each other, as they do in a dump: any other one, or a row, ends it.
// Called by create_remote.cc, alter_table.cc, ddl.cc and, when rows come, by fdw/modify.cc.
#pragma once

#include "backend/ddl/table_shape.h"
#include "backend/endpoint.h"
#include "backend/pg.h"

extern "C" {
#include "nodes/parsenodes.h"
}

namespace kalam::backend::ddl {

// Creates the remote table of a restored definition, or waits where not even its key is known.
void CreateRestored(const Endpoint *endpoint, const TableShape *shape);

// Whether the session has restored the table's definition just before.
bool IsBeingRestored(Oid relid);

// Before a column option is set: if it makes the column the key, another one that was taken for it is not any more.
void PrepareRestoredOption(Oid relid, const AlterTableCmd *command);

// After column options were set: makes the remote table what the definition says now. `is_alone`: by a statement that is all
// its transaction does. If not, the transaction must have created the table, since no rollback could bring back another.
void ContinueRestore(const TableShape &before, bool is_alone);

// The session does something else, or writes to the table: from now on it stays as it is.
void EndRestore();
void EndRestore(Oid relid);

}  // namespace kalam::backend::ddl
