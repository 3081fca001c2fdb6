// The rows of one SELECT that the server's own SQL answers, as text. For catalog questions: small answers, read
// whole. Called by remote_catalog.cc.
#pragma once

#include "backend/client.h"
#include "backend/endpoint.h"
#include "backend/pg.h"

namespace kalam::backend::ddl {

struct RemoteRows {
    int column_count;
    List *rows;  // of const char *[column_count], null for NULL, in the database's encoding
};

// The server cuts answers at its own limit (50 rows without LIMIT, 1000 with one) without a word: say LIMIT, and
// ask again for what comes after. Raises what the server says.
RemoteRows QueryRemote(const Endpoint *endpoint, const char *sql);

// The rows of a query's good answer.
RemoteRows ReadRows(const Answer &answer);

}  // namespace kalam::backend::ddl
