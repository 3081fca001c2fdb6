// What a column's local default is to KalamDB. The server knows a few functions and literals; everything else
// stays a local default. (The server applies its defaults to its own SQL only, never to rows that arrive from
// here, so the local default is kept in every case.) Called by table_shape.cc and the ALTER code.
#pragma once

#include "backend/pg.h"
#include "backend/types/type_map.h"

extern "C" {
#include "nodes/primnodes.h"
}

namespace kalam::backend::ddl {

// The default as KalamDB's DDL spells it: NOW(), CURRENT_TIMESTAMP, SNOWFLAKE_ID(), UUID_V7(), ULID(), a literal;
// null where the server has nothing like it. `expr` is the cooked expression of the catalog. palloc'd.
const char *RemoteDefaultText(Node *expr, const types::ColumnType &type);

// A value as a literal of KalamDB's SQL; null where it has no safe spelling there (NaN, bytes, embeddings, and
// texts that the server's own rewriting of statements would change).
const char *RemoteLiteral(Datum value, bool is_null, const types::ColumnType &type);

}  // namespace kalam::backend::ddl
