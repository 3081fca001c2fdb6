// Waits for the server to have finished with a dropped table before one of the same name is made. KalamDB's DROP TABLE leaves the
// data to a job; a table created meanwhile is stored under the same name, and the job would take its rows. Called by
// create_remote.cc.
#pragma once

#include "backend/catalog/table_identity.h"
#include "backend/endpoint.h"

namespace kalam::backend::ddl {

// Returns when no such job is left; interruptible. 55006 when it does not end in time.
void AwaitCleanup(const Endpoint *endpoint, const catalog::TableIdentity &identity);

}  // namespace kalam::backend::ddl
