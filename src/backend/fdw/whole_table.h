// Reads a whole table outside a scan node: for ANALYZE, TRUNCATE and lookups that cannot be made by key.
#pragma once

#include "backend/fdw/columns.h"
#include "backend/fdw/row_reader.h"

namespace kalam::backend::fdw {

// All rows of the table (of `user_id`, where not null), as the current command sees them; raises where the
// answer may have been cut. In the current memory context; `projection` must outlive the result.
RowReader ReadWholeTable(const Endpoint *endpoint, const catalog::TableIdentity *identity,
                         const char *user_id, const Projection *projection);

}  // namespace kalam::backend::fdw
