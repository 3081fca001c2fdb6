// The server stops a scan at 100 000 rows of hot storage without a word (surface.md, section 5), before it filters them. This
// keeps a cut answer from being passed on. Called by everything that scans a table.
#pragma once

#include "backend/catalog/table_identity.h"
#include "backend/client.h"
#include "backend/request.h"

namespace kalam::backend::fdw {

// `answer` is what the scan `request` got. Where it may have been cut, either the table is flushed and read
// again (kalam.flush_capped_scans, outside transactions) and *answer replaced, or an error names the cap and
// the cure.
void RequireUncut(const Request &request, const catalog::TableIdentity *identity, const Endpoint *endpoint,
                  Answer *answer);

// Whether a scan's filters may be sent. Not for a table of which a filtered answer might have been cut before, as long as
// it has hot rows: reading all of them takes the server no longer.
bool MayFilter(const Endpoint *endpoint, const catalog::TableIdentity *identity);

// Whether a filtered answer may have been cut, which its number of rows does not tell: it took so long that the server may
// have read that many, and the table has hot rows.
bool MayHaveCutFiltered(const Answer &answer, const Endpoint *endpoint,
                        const catalog::TableIdentity *identity);

}  // namespace kalam::backend::fdw
