// A parsed query as text that can run on its own. Called by create_table_as.cc.
#pragma once

#include "backend/pg.h"

extern "C" {
#include "nodes/params.h"
#include "nodes/parsenodes.h"
}

namespace kalam::backend::ddl {

// The query's SQL with its external parameters ($1, variables of PL/pgSQL) replaced by their present values.
const char *BoundQueryText(const Query *query, ParamListInfo params);

}  // namespace kalam::backend::ddl
