// Sends each kind of statement to where it is executed, and shapes the answers.
#include "devserver/query/statements.h"

#include <algorithm>
#include <variant>

#include "devserver/ddl/ddl.h"
#include "devserver/error.h"
#include "devserver/query/dml.h"
#include "devserver/query/engine.h"
#include "devserver/query/statement_catalog.h"
#include "devserver/query/system_tables.h"
#include "devserver/sql/parser.h"
#include "devserver/sql/query.h"

namespace kalam::devserver::query {

namespace {

constexpr size_t kMaxSqlBytes = 1'048'576;
constexpr size_t kBatchRows = 1024;

Answer RowsAnswer(const std::vector<arrow::Field> &fields, const std::vector<std::vector<Value>> &rows) {
    Answer answer;
    answer.is_rows = true;
    answer.row_count = rows.size();
    answer.message = std::to_string(rows.size()) + " row(s)";
    for (size_t first = 0; first < rows.size(); first += kBatchRows) {
        const size_t last = std::min(rows.size(), first + kBatchRows);
        arrow::BatchWriter writer(fields, last - first);
        for (size_t i = first; i < last; ++i) {
            for (size_t j = 0; j < fields.size(); ++j) writer.Append(j, rows[i][j]);
        }
        answer.batches.push_back(writer.Finish());
    }
    return answer;
}

Answer RowsAnswer(const Rows &rows) {
    return RowsAnswer(rows.fields, rows.rows);
}

Answer Affected(size_t count) {
    return {"OK (affected: " + std::to_string(count) + ")", false, 0, {}};
}

TableDefPtr RequireTable(Core &core, const sql::TableName &name) {
    const Database::ReadLock lock(core.db);
    const Table *table = core.db.FindTable(name);
    if (table == nullptr) ddl::RefuseMissingTable(name);
    return table->def;
}

Answer Select(Core &core, const sql::Query &query) {
    Engine engine(core.clock);
    StatementCatalog catalog(core, engine);
    const auto plan = sql::PlanSelect(query, catalog, {});
    if (!plan) ThrowSql(plan.error());
    const auto rows = engine.Run(plan->sqlite_sql, plan->columns);
    if (!rows) ThrowSql(rows.error());
    return RowsAnswer(plan->columns, *rows);
}

// The statement's kinds, one overload each; whatever changes the catalog is in ddl/.
struct Runner {
    Core &core;

    Answer operator()(const sql::Query &query) const {
        switch (sql::KindOf(query)) {
            case sql::QueryKind::kInsert:
                return Affected(RunInsert(core, query));
            case sql::QueryKind::kUpdate:
                return Affected(RunUpdate(core, query));
            case sql::QueryKind::kDelete:
                return Affected(RunDelete(core, query));
            case sql::QueryKind::kSelect:
                break;
        }
        return Select(core, query);
    }
    Answer operator()(const sql::ShowNamespaces &) const {
        return RowsAnswer(*SystemTable(core, "system", "namespaces"));
    }
    Answer operator()(const sql::ShowStorages &) const {
        return RowsAnswer(*SystemTable(core, "system", "storages"));
    }
    Answer operator()(const sql::ShowTables &statement) const {
        if (statement.ns) {
            ThrowSql(
                "Execution error: Failed to build SHOW TABLES batch: Invalid argument error: number of "
                "columns(8) must match number of fields(14) in schema");
        }
        return RowsAnswer(*SystemTable(core, "system", "schemas"));
    }
    Answer operator()(const sql::DescribeTable &statement) const {
        return RowsAnswer(query::DescribeTable(*RequireTable(core, statement.name)));
    }
    Answer operator()(const sql::ShowStats &statement) const {
        return RowsAnswer(TableStats(*RequireTable(core, statement.name)));
    }
    template <typename Statement>
    Answer operator()(const Statement &statement) const {
        return {ddl::Execute(core, statement), false, 0, {}};
    }
};

}  // namespace

Answer RunStatement(Core &core, std::string_view text) {
    if (text.size() > kMaxSqlBytes) {
        ThrowSql("Invalid SQL: SQL query too long: " + std::to_string(text.size()) + " bytes (maximum " +
                 std::to_string(kMaxSqlBytes) + " bytes)");
    }
    const auto statement = sql::Parse(text);
    if (!statement) ThrowSql(statement.error());
    return std::visit(Runner{core}, *statement);
}

}  // namespace kalam::devserver::query
