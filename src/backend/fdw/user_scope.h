// Whose rows a statement works on: the rules for kalam.user_id and _userid on user and stream tables
// (surface.md, sections 5 and 6). Called by scans and writes before their first request. Raises, also where the table is of
// another type than its definition says (catalog/remote_facts.h, which may ask the server).
#pragma once

#include "backend/catalog/table_identity.h"
#include "backend/endpoint.h"
#include "backend/pg.h"

namespace kalam::backend::fdw {

struct ReadScope {
    const char *user_id;  // null for shared tables
    bool nothing;         // the rows asked for are others': there is nothing to read
};

// `asked`: the value that `_userid` is compared with; null: no such condition. `may_route`: a superuser may
// read the rows of the user asked for (not in the target of an UPDATE or DELETE).
ReadScope ScopeOfRead(const Endpoint *endpoint, const catalog::TableIdentity *identity, const char *asked,
                      bool may_route);

// The owner of the rows that a write adds: `asked` (the value given for _userid; null: none given), else the
// session's; null for shared tables.
const char *ScopeOfInsert(const Endpoint *endpoint, const catalog::TableIdentity *identity,
                          const char *asked);

// The owner of the rows that an UPDATE or DELETE works on; null for shared tables.
const char *ScopeOfChange(const Endpoint *endpoint, const catalog::TableIdentity *identity,
                          const char *doing);

}  // namespace kalam::backend::fdw
