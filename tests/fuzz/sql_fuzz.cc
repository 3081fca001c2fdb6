// libFuzzer target: the SQL parsers and the planner; what was planned is prepared and stepped in SQLite, within bounds.
// Built with -Dfuzzers=true and clang++; run as: sql_fuzz corpus/sql
#include <sqlite3.h>

#include <cstdint>

#include "devserver/sql/names.h"
#include "devserver/sql/parser.h"
#include "devserver/sql/query.h"
#include "devserver/sql/sqlite_functions.h"
#include "devserver/values/sqlite_value.h"

using namespace kalam::devserver;

namespace {

constexpr int kMaxInstructions = 20000;
constexpr int kMaxRows = 20;

// One table, w.t, in a SQLite that lives as long as the process.
class Catalog : public sql::SqlCatalog {
 public:
    Catalog() {
        sqlite3_open(":memory:", &db_);
        sql::FunctionSources sources;
        sources.now_micros = [] { return std::int64_t{1700000000123456}; };
        sources.snowflake_id = [] { return std::int64_t{7}; };
        sources.uuid_v7 = sources.ulid = [] { return std::string("id"); };
        sql::RegisterFunctions(db_, sources);
        sqlite3_limit(db_, SQLITE_LIMIT_LENGTH, 1 << 20);
        sqlite3_exec(db_,
                     "CREATE TABLE t (id, a, n, dc, ts, u, _seq, _deleted); INSERT INTO t VALUES (1, 'x', 2, "
                     "'1.50', 0, x'00', 1, 0)",
                     nullptr, nullptr, nullptr);
        sqlite3_progress_handler(
            db_, kMaxInstructions, [](void *) { return 1; }, nullptr);
        table_.ns = "w";
        table_.name = "t";
        table_.sqlite_source = "\"t\"";
        table_.key_column = 0;
        for (const auto &[name, type] : {std::pair{"id", "INT"},
                                         {"a", "TEXT"},
                                         {"n", "BIGINT"},
                                         {"dc", "DECIMAL(10, 2)"},
                                         {"ts", "TIMESTAMP"},
                                         {"u", "UUID"},
                                         {"_seq", "BIGINT"},
                                         {"_deleted", "BOOLEAN"}})
            table_.columns.push_back(
                arrow::TableField(name, *FromSqlName(type), false, table_.columns.empty()));
    }

    const sql::SourceTable *FindTable(std::string_view ns, std::string_view name) override {
        return ns == "w" && name == "t" ? &table_ : nullptr;
    }

    void Run(const std::string &text, const std::vector<arrow::Field> &fields) {
        sqlite3_stmt *statement = nullptr;
        if (sqlite3_prepare_v2(db_, text.c_str(), -1, &statement, nullptr) != SQLITE_OK) return;
        for (int row = 0; row < kMaxRows && sqlite3_step(statement) == SQLITE_ROW; ++row)
            for (std::size_t i = 0; i < fields.size(); ++i)
                ReadValue(statement, static_cast<int>(i), fields[i].type);
        sqlite3_finalize(statement);
    }

 private:
    sqlite3 *db_ = nullptr;
    sql::SourceTable table_;
};

void RunQuery(const sql::Query &query) {
    static Catalog catalog;
    switch (sql::KindOf(query)) {
        case sql::QueryKind::kSelect:
            if (const auto plan = sql::PlanSelect(query, catalog, {}))
                catalog.Run(plan->sqlite_sql, plan->columns);
            break;
        case sql::QueryKind::kInsert:
            if (const auto plan = sql::PlanInsert(query, catalog))
                catalog.Run(plan->rows_sql, plan->value_types);
            break;
        case sql::QueryKind::kUpdate:
            if (const auto plan = sql::PlanUpdate(query, catalog))
                catalog.Run(plan->rows_sql, plan->value_types);
            break;
        case sql::QueryKind::kDelete:
            if (const auto plan = sql::PlanDelete(query, catalog))
                catalog.Run(plan->rows_sql, plan->value_types);
            break;
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
    const auto statement = sql::Parse({reinterpret_cast<const char *>(data), size});
    if (!statement) return 0;
    if (const auto *table = std::get_if<sql::CreateTable>(&*statement)) sql::CheckColumnNames(*table);
    if (const auto *query = std::get_if<sql::Query>(&*statement)) RunQuery(*query);
    return 0;
}
