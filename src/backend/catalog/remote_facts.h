// What KalamDB itself says of a table that a foreign table stands for. The type in the local definition decides whether a
// request names a user, and whoever may use the server may write a definition; the server answers a request for a user table that
// calls it shared with the rows of all users. So nothing is read or written before RequireDeclaredType. The server is asked
// once; what it says is remembered in shared memory for all sessions (shm/known_tables.h). Called by fdw/ before the first
// request of a statement, by ddl/ and kalam_exec when they learn or change something.
#pragma once

#include "backend/catalog/table_identity.h"
#include "backend/endpoint.h"
#include "shm/known_tables.h"

namespace kalam::backend::catalog {

// Raises 42809 if the server's table is of another type than the identity says. A table that is not there passes: the request
// itself says so.
void RequireDeclaredType(const Endpoint *endpoint, const TableIdentity *identity);

// Whether only administrators may read the table. True too where the server does not tell.
bool IsForAdministrators(const Endpoint *endpoint, const TableIdentity *identity);

// Keeps what the server has just said or done.
void LearnFacts(const Endpoint *endpoint, const char *remote_namespace, const char *table,
                shm::TableFacts facts);

// The next one who needs to know asks again.
void ForgetFacts(const Endpoint *endpoint, const TableIdentity *identity);
void ForgetAllFacts();

}  // namespace kalam::backend::catalog
