// Which kalam tables store values of a type, in their columns or inside of those (arrays, domains, ranges, rows). Used by
// alter_type.cc. Asks the catalog only.
#pragma once

#include "backend/pg.h"

namespace kalam::backend::ddl {

// One column of a kalam table that holds values of the type, as "table.column" (palloc'd); null: there is none.
const char *FindKalamColumnOfType(Oid type);

}  // namespace kalam::backend::ddl
