// Plans SELECT, INSERT, UPDATE and DELETE: checks names with KalamDB's texts, works out the result's columns,
// and says the same in SQLite's dialect. Nothing is executed here. Called by the statement executor; plans
// are plain values. The SQLite text uses the functions of sqlite_functions.h.
//
// SELECT: run plan.sqlite_sql, read each column with ReadValue(stmt, i, plan.columns[i].type), write batches
// of at most 1024 rows with plan.columns as fields. LIMIT rules (50 without LIMIT, never more than 1000) and
// the order of ORDER BY ... LIMIT are in the text already.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "devserver/arrow/ipc_writer.h"
#include "devserver/sql/catalog.h"
#include "devserver/sql/statement.h"
#include "devserver/values/result.h"

namespace kalam::devserver::sql {

enum class QueryKind : std::uint8_t { kSelect, kInsert, kUpdate, kDelete };
QueryKind KindOf(const Query &query);

struct QueryLimits {
    std::int64_t default_limit = 50;
    std::int64_t max_limit = 1000;
};

struct SelectPlan {
    std::string sqlite_sql;
    std::vector<arrow::Field> columns;
    std::vector<TableName> tables;  // every table it reads
};
Result<SelectPlan> PlanSelect(const Query &query, SqlCatalog &catalog, const QueryLimits &limits);

// INSERT: run rows_sql; row i's value j belongs to target[j] (index into the table's columns). Columns not in
// target get their DEFAULT (executor's work).
struct InsertPlan {
    TableName table;
    std::vector<int> target;
    std::vector<arrow::Field> value_types;
    std::string rows_sql;
};
Result<InsertPlan> PlanInsert(const Query &query, SqlCatalog &catalog);

// UPDATE: run rows_sql; its column 0 is the row's key (or _seq when the table has none), column 1 + j the new
// value of target[j]. DELETE: target is empty. WHERE that is absent or always true was refused here.
struct ChangePlan {
    TableName table;
    std::vector<int> target;
    std::vector<arrow::Field> value_types;  // of the columns of rows_sql, key first
    std::string rows_sql;
    std::set<std::string> columns_read;  // the columns that conditions and values mention
};
Result<ChangePlan> PlanUpdate(const Query &query, SqlCatalog &catalog);
Result<ChangePlan> PlanDelete(const Query &query, SqlCatalog &catalog);

}  // namespace kalam::devserver::sql
