// The remote half of creating a table. Called by create_table.cc, create_foreign_table.cc and create_table_as.cc
// when the local foreign table is there, so that PostgreSQL has already judged names, types, defaults and rights.
#pragma once

#include "backend/ddl/table_shape.h"
#include "backend/endpoint.h"
#include "backend/pg.h"

namespace kalam::backend::ddl {

// What to do where the remote table exists already.
enum class ExistingTable : uint8_t {
    kRefuse,  // 42P07
    kAdopt,   // the local table stands for it, if its columns, types and kind agree; nothing changes remotely
    kRestore,  // adopt it, whatever its columns: a dump says more of them in statements to come (restore.h)
};

// Creates the remote table of a local one, its namespace if need be, undone with the transaction. Or adopts an
// existing one, and then takes over its key. Raises what KalamDB cannot take before it is asked.
void CreateRemoteTable(Oid relid, ExistingTable existing);

// Creates a remote table that is not there, its namespace if need be, undone with the transaction.
void CreateNewRemoteTable(const Endpoint *endpoint, const TableShape &shape);

}  // namespace kalam::backend::ddl
