// A new column of an existing table. The server shows something else in rows from before than PostgreSQL promises
// ('' or 0 for NOT NULL, the values of a dropped column of the same name), so the name must be a new one there and
// the default is written into the rows. Called by alter_mirror.cc.
#pragma once

#include "backend/ddl/table_shape.h"
#include "backend/endpoint.h"
#include "backend/pg.h"

namespace kalam::backend::ddl {

struct NewColumn {
    const ColumnShape *column;
    const char *remote_name;  // never used in this table before, unless `adopts`
    const char *fill;         // what existing rows get; null: nothing to do
    bool adopts;              // the remote column is there: the option column_name named it
};

// Looks at the server and decides how a column can be added. Raises, before anything is changed: 23502 for NOT NULL
// without a default where rows exist, 0A000 for defaults that cannot be given to existing rows.
NewColumn *PlanNewColumn(const Endpoint *endpoint, const TableShape &table, const ColumnShape &column);

// Adds it: undone with the transaction.
void AddNewColumn(const Endpoint *endpoint, const TableShape &table, const NewColumn &plan);

// Raises 55000 if the transaction has changed rows of the table: they are staged, where DDL neither sees nor fills
// them.
void RequireNoStagedRows(const Endpoint *endpoint, const TableShape &table);

// 23502, as PostgreSQL says it.
[[noreturn]] void ThrowContainsNulls(const ColumnShape &column, const TableShape &table);

// The NOTICE for a default that the server does not have.
void TellLocalDefault(const ColumnShape &column);

}  // namespace kalam::backend::ddl
