// The server stops a scan at 100 000 rows of hot storage without a word (surface.md, section 5). This keeps a
// cut answer from being passed on. Called by everything that scans a whole table.
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

}  // namespace kalam::backend::fdw
