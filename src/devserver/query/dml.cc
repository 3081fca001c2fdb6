// Runs the plans of INSERT, UPDATE and DELETE: rows from SQLite, changes through TableOps.
#include "devserver/query/dml.h"

#include <algorithm>

#include "devserver/dml/table_ops.h"
#include "devserver/error.h"
#include "devserver/ids.h"
#include "devserver/query/engine.h"
#include "devserver/query/statement_catalog.h"
#include "devserver/query/table_source.h"
#include "devserver/scan/cells.h"
#include "devserver/sql/names.h"
#include "devserver/values/coerce.h"
#include "devserver/values/value_text.h"

namespace kalam::devserver::query {

namespace {

// KalamDB sorts the errors of its query engine by words in their text.
[[noreturn]] void ThrowClassified(const std::string &text) {
    const std::string lower = sql::FoldCase(text);
    const auto has = [&lower](const char *words) { return lower.find(words) != std::string::npos; };
    const char *prefix = "Execution error: ";
    if (has("primary key") || has("already exists")) {
        prefix = "Already exists: ";
    } else if (has("table") && has("not found")) {
        prefix = "Table not found: ";
    } else if (has("access denied")) {
        prefix = "Permission denied: ";
    }
    ThrowSql(prefix + text);
}

std::string PartitionOf(const TableDef &def) {
    return def.PerUser() ? kSqlUser : std::string();
}

Table &RequireTable(Database &db, const sql::TableName &name) {
    Table *table = db.FindTable(name);
    if (table != nullptr) return *table;
    ThrowSql("Table not found: Error during planning: table 'kalam." + name.Dotted() + "' not found");
}

Value DefaultOf(const Column &column, int64_t now_ms) {
    using Kind = sql::DefaultValue::Kind;
    switch (column.default_value.kind) {
        case Kind::kNone:
            break;
        case Kind::kLiteral:
            return column.default_value.literal;
        case Kind::kNow:
            return Value::Int(now_ms * 1000, Plain(TypeId::kTimestampUs));
        case Kind::kSnowflakeId:
            return Value::Int(NewSqlSnowflake(now_ms));
        case Kind::kUuidV7:
            return Value::Text(NewUuidV7(now_ms));
        case Kind::kUlid:
            return Value::Text(NewUlid(now_ms));
        case Kind::kCurrentUser:
            return Value::Text(kSqlUser);
    }
    return Value::Null();
}

std::vector<RowCells> NamedRows(const TableDef &def, const sql::InsertPlan &plan,
                                std::vector<std::vector<Value>> &rows, int64_t now_ms) {
    std::vector<RowCells> named;
    named.reserve(rows.size());
    for (std::vector<Value> &row : rows) {
        RowCells &cells = named.emplace_back();
        for (size_t i = 0; i < plan.target.size(); ++i) {
            cells.push_back({def.columns[plan.target[i]].name, std::move(row[i])});
        }
        for (size_t i = 0; i < def.columns.size(); ++i) {
            const bool given = std::count(plan.target.begin(), plan.target.end(), static_cast<int>(i)) > 0;
            if (given || def.columns[i].system()) continue;
            cells.push_back({def.columns[i].name, DefaultOf(def.columns[i], now_ms)});
        }
    }
    return named;
}

// The rows that the plan of an UPDATE or DELETE found, key first.
std::vector<std::vector<Value>> FindRows(Engine &engine, const sql::ChangePlan &plan) {
    auto rows = engine.Run(plan.rows_sql, plan.value_types);
    if (!rows) ThrowSql(rows.error());
    return std::move(*rows);
}

// KalamDB evaluates assignments over rows of all columns, and makes up what it has not read.
void RequireInventible(const TableDef &def, const sql::ChangePlan &plan) {
    for (size_t i = 0; i < def.columns.size(); ++i) {
        const Column &column = def.columns[i];
        const bool read = static_cast<int>(i) == def.KeyColumn() || plan.columns_read.contains(column.name);
        if (read || column.system() || !column.not_null || !InventedValue(column.type).is_null()) continue;
        throw TableError(UnreadableText(column));
    }
}

// Applies `change` to each row found; a TableError is wrapped as the failure of that operation.
template <typename Change>
size_t ApplyToRows(Core &core, const sql::ChangePlan &plan, const std::vector<std::vector<Value>> &rows,
                   const char *operation, Change change) {
    const Database::WriteLock lock(core.db);
    Table &table = RequireTable(core.db, plan.table);
    core.db.NextCommit();
    TableOps ops(core.db, table, PartitionOf(*table.def));
    size_t affected = 0;
    try {
        for (const std::vector<Value> &row : rows) affected += change(ops, row);
    } catch (const TableError &error) {
        ThrowClassified(std::string(operation) + " operation on table '" + plan.table.Dotted() +
                        "'\ncaused by\nExecution error: " + error.text());
    }
    return affected;
}

}  // namespace

size_t RunInsert(Core &core, const sql::Query &query) {
    Engine engine(core.clock);
    StatementCatalog catalog(core, engine);
    const auto plan = sql::PlanInsert(query, catalog);
    if (!plan) ThrowSql(plan.error());
    auto rows = engine.Run(plan->rows_sql, plan->value_types);
    if (!rows) ThrowSql(rows.error());
    const Database::WriteLock lock(core.db);
    Table &table = RequireTable(core.db, plan->table);
    core.db.NextCommit();
    TableOps ops(core.db, table, PartitionOf(*table.def));
    try {
        ops.Store(ops.Prepare(NamedRows(*table.def, *plan, *rows, core.clock.UnixMillis())));
    } catch (const TableError &error) {
        ThrowClassified("Execution error: " + error.text());
    }
    return rows->size();
}

size_t RunUpdate(Core &core, const sql::Query &query) {
    Engine engine(core.clock);
    StatementCatalog catalog(core, engine);
    const auto plan = sql::PlanUpdate(query, catalog);
    if (!plan) ThrowSql(plan.error());
    const auto rows = FindRows(engine, *plan);
    return ApplyToRows(core, *plan, rows, "UPDATE", [&plan](TableOps &ops, const std::vector<Value> &row) {
        RequireInventible(ops.def(), *plan);
        RowCells changes;
        for (size_t i = 0; i < plan->target.size(); ++i) {
            changes.push_back({ops.def().columns[plan->target[i]].name, row[i + 1]});
        }
        ops.Update(ToText(row[0]), changes,
                   ops.def().PerUser() ? TableOps::WholeRow::kCheck : TableOps::WholeRow::kTrust);
        return size_t{1};
    });
}

size_t RunDelete(Core &core, const sql::Query &query) {
    Engine engine(core.clock);
    StatementCatalog catalog(core, engine);
    const auto plan = sql::PlanDelete(query, catalog);
    if (!plan) ThrowSql(plan.error());
    const auto rows = FindRows(engine, *plan);
    return ApplyToRows(core, *plan, rows, "DELETE", [](TableOps &ops, const std::vector<Value> &row) {
        return ops.Delete(ToText(row[0]));
    });
}

}  // namespace kalam::devserver::query
