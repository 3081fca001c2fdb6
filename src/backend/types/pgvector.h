// Where pgvector's type is, if the extension is installed in this database. Called by the type map.
#pragma once

#include "backend/pg.h"

namespace kalam::backend::types {

// The type `vector` of the extension `vector`; InvalidOid where it is not installed. Syscache lookups.
Oid PgVectorType();

}  // namespace kalam::backend::types
