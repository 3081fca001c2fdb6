// The value of a new column in the rows that a shared table has. Called by add_column.cc; every function may make remote
// calls. The rows are written outside the remote transaction and stay written when it is rolled back: dropping the
// column is what undoes them.
#pragma once

#include "backend/ddl/table_shape.h"
#include "backend/endpoint.h"
#include "backend/pg.h"

namespace kalam::backend::ddl {

// What the rows get.
struct ColumnFill {
    const char *sql_value;  // as the server's SQL UPDATE is told; null: the rows are updated by key
    const char *changes;  // by key: the same for every row, encoded; null: the default is evaluated for each
};

// Decides what the rows get and how; null: NULL, which they show anyway. Raises where the default cannot be stored:
// 23502 where it is NULL and the column NOT NULL, 22xxx where the server cannot hold it.
const ColumnFill *PlanFill(const Endpoint *endpoint, const TableShape &table, const ColumnShape &column);

// Writes it. The column is there under `column.remote_name`, nullable.
void FillColumn(const Endpoint *endpoint, const TableShape &table, const ColumnShape &column,
                const ColumnFill &fill);

// Stages it for the rows that the transaction has inserted, which FillColumn does not find. What it has changed of others is
// merged with what those have got. After RefreshRemoteTransaction.
void FillStagedRows(const Endpoint *endpoint, const TableShape &table, const ColumnShape &column,
                    const ColumnFill &fill);

// 23502, as PostgreSQL says it.
[[noreturn]] void ThrowContainsNulls(const ColumnShape &column, const TableShape &table);

}  // namespace kalam::backend::ddl
