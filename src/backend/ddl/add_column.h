// A new column of an existing table. The server shows something else in rows from before than PostgreSQL promises
// ('' or 0 for NOT NULL, the values of a dropped column of the same name), so the name must be a new one there and
// the default is written into the rows. Called by alter_mirror.cc.
//
// A NOT NULL column is nullable on the server until the rows have their values, because the server can neither read nor
// change rows without. It stays so in user tables that have rows, which cannot be filled and read as NULL; in
// streams, whose rows SQL does not even show; in tables that have been flushed, since the server looks at old versions too;
// and in tables that the transaction has written to, whose rows come without it at the commit. What is written from here is
// checked here (fdw/modify.cc, fdw/direct.cc).
#pragma once

#include "backend/ddl/fill_column.h"
#include "backend/ddl/table_shape.h"
#include "backend/endpoint.h"
#include "backend/pg.h"

namespace kalam::backend::ddl {

struct NewColumn {
    ColumnShape column;      // under a remote name never used in this table before, unless `adopts`
    bool starts_nullable;    // on the server
    bool has_staged_rows;    // which the server's DDL does not see: it stays nullable
    const ColumnFill *fill;  // what existing rows get; null: nothing
    bool adopts;             // the remote column is there: the option column_name named it
};

// Looks at the server and decides how a column can be added. Raises, before anything is changed: 23502 for NOT NULL
// without a default where rows exist, 0A000 for a generated column there, 22xxx for a default that cannot be stored.
NewColumn *PlanNewColumn(const Endpoint *endpoint, const TableShape &table, const ColumnShape &column);

// Adds it: undone with the transaction.
void AddNewColumn(const Endpoint *endpoint, const TableShape &table, const NewColumn &plan);

// Whether the server may be told that a column is NOT NULL in rows that all have a value.
bool MayBeNotNull(const Endpoint *endpoint, const TableShape &table);

// Raises 55000 if the transaction has changed rows of the table: they are staged, where DDL does not see them.
void RequireNoStagedRows(const Endpoint *endpoint, const TableShape &table);

// The NOTICE for a default that the server does not have.
void TellLocalDefault(const ColumnShape &column);

}  // namespace kalam::backend::ddl
