// The remote half of creating a table. Called by create_table.cc, create_foreign_table.cc and create_table_as.cc
// when the local foreign table is there, so that PostgreSQL has already judged names, types, defaults and rights.
#pragma once

#include "backend/pg.h"

namespace kalam::backend::ddl {

// What to do where the remote table exists already.
enum class ExistingTable : uint8_t {
    kRefuse,  // 42P07
    kAdopt,   // the local table stands for it, if its columns, types and kind agree; nothing changes remotely
    kExpect,  // it must be there (else 42P01): a restored dump says which columns it has in statements to come
};

// Creates the remote table of a local one, its namespace if need be, undone with the transaction. Or adopts an
// existing one, and then takes over its key. Raises what KalamDB cannot take before it is asked.
void CreateRemoteTable(Oid relid, ExistingTable existing);

}  // namespace kalam::backend::ddl
