// Which kalam tables an ALTER statement touches. Called by alter_table.cc and rename.cc.
#pragma once

#include "backend/pg.h"

extern "C" {
#include "nodes/primnodes.h"
#include "storage/lockdefs.h"
}

namespace kalam::backend::ddl {

// The named relation if it is a kalam table, and those of its children that are (ONLY leaves them out), all locked.
// NIL for any other relation, one that does not exist, and one that the current user does not own: PostgreSQL has
// the word then.
List *LockAffectedTables(const RangeVar *name, LOCKMODE lock);

// The kalam tables of a schema, not locked. NIL where there is no such schema.
List *KalamTablesOfSchema(const char *schema);

}  // namespace kalam::backend::ddl
