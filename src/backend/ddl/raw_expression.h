// Cooked expressions of the catalog as raw parse trees again, for statements that ddl/ puts together itself.
#pragma once

#include "backend/pg.h"

extern "C" {
#include "nodes/nodes.h"
}

namespace kalam::backend::ddl {

// The raw form of a stored expression (adbin, ccbin) over the columns of a relation.
Node *RawExpression(const char *stored, Oid relid);

}  // namespace kalam::backend::ddl
