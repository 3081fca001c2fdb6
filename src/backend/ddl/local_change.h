// Changes of the local definition that DDL mirroring makes itself, as ALTER FOREIGN TABLE subcommands of the
// statement under way (so that event triggers see them and rights are checked). Called by the handlers of ddl/.
#pragma once

#include "backend/pg.h"

extern "C" {
#include "access/attnum.h"
}

namespace kalam::backend::ddl {

// Gives a column option a value, whether it had one or not.
void SetLocalColumnOption(Oid relid, AttrNumber attnum, const char *option, const char *value);

// Takes a column option away; nothing if there is none.
void DropLocalColumnOption(Oid relid, AttrNumber attnum, const char *option);

// Gives a table option a value, whether it had one or not.
void SetLocalTableOption(Oid relid, const char *option, const char *value);

void SetLocalNotNull(Oid relid, AttrNumber attnum);

}  // namespace kalam::backend::ddl
