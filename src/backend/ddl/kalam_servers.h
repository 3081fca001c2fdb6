// Which foreign servers are ours and what hangs on them. Called by drop.cc. Catalog reads only.
#pragma once

#include "backend/pg.h"

namespace kalam::backend::ddl {

// The oids of all foreign servers of our wrappers in this database.
List *ListKalamServers();

// Whether a server has any foreign table.
bool HasKalamTables(Oid server_id);

}  // namespace kalam::backend::ddl
