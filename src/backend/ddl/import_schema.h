// IMPORT FOREIGN SCHEMA: the ImportForeignSchema callback of the wrapper. Referenced by fdw/handler.cc.
#pragma once

#include "backend/pg.h"

extern "C" {
#include "foreign/fdwapi.h"
#include "nodes/parsenodes.h"
}

namespace kalam::backend::ddl {

// The CREATE FOREIGN TABLE statements for the tables of a KalamDB namespace; PostgreSQL runs them, and they
// attach to the remote tables without creating anything there.
List *ImportForeignSchema(ImportForeignSchemaStmt *stmt, Oid server_oid);

}  // namespace kalam::backend::ddl
