// LIKE in the column list of a kalam table. PostgreSQL has no LIKE for foreign tables, so the clause is replaced by
// the columns and constraints that it stands for. Called by create_local.cc.
#pragma once

#include "backend/pg.h"

namespace kalam::backend::ddl {

// The list with every TableLikeClause replaced by ColumnDef and Constraint nodes. INCLUDING DEFAULTS, CONSTRAINTS,
// GENERATED, IDENTITY and the primary key of INCLUDING INDEXES are taken over; other indexes are a NOTICE; what
// foreign tables have not (storage, compression, statistics) is left out. Raises 42501, 42P01 as PostgreSQL does.
List *ExpandLikeClauses(List *elements);

}  // namespace kalam::backend::ddl
