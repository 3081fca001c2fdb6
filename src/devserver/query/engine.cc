// Opens and closes a statement's SQLite connection, and reads its rows; see engine.h.
#include "devserver/query/engine.h"

#include <stdexcept>

#include "devserver/ids.h"
#include "devserver/query/virtual_table.h"
#include "devserver/sql/sqlite_functions.h"
#include "devserver/values/sqlite_value.h"

namespace kalam::devserver::query {

Engine::Engine(const Clock &clock) {
    sql::FunctionSources functions;
    functions.now_micros = [&clock] { return clock.UnixMicros(); };
    functions.snowflake_id = [&clock] { return NewSqlSnowflake(clock.UnixMillis()); };
    functions.uuid_v7 = [&clock] { return NewUuidV7(clock.UnixMillis()); };
    functions.ulid = [&clock] { return NewUlid(clock.UnixMillis()); };
    const int code = sqlite3_open_v2(
        ":memory:", &connection_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
    if (code != SQLITE_OK || RegisterRowModule(connection_, &sources_) != SQLITE_OK ||
        sql::RegisterFunctions(connection_, functions) != SQLITE_OK) {
        sqlite3_close(connection_);
        throw std::runtime_error("SQLite cannot be started");
    }
}

Engine::~Engine() {
    sqlite3_close(connection_);
}

std::string Engine::AddTable(std::shared_ptr<RowSource> source) {
    const std::string index = std::to_string(sources_.size());
    sources_.push_back(std::move(source));
    const std::string name = "\"rows_" + index + "\"";
    const std::string create = "CREATE VIRTUAL TABLE temp." + name + " USING kalam_rows(" + index + ")";
    if (sqlite3_exec(connection_, create.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
        throw std::runtime_error(sqlite3_errmsg(connection_));
    }
    return name;
}

Result<std::vector<std::vector<Value>>> Engine::Run(const std::string &sql,
                                                    const std::vector<arrow::Field> &types) {
    sqlite3_stmt *statement = nullptr;
    if (sqlite3_prepare_v2(connection_, sql.c_str(), -1, &statement, nullptr) != SQLITE_OK) {
        return Fail(sqlite3_errmsg(connection_));
    }
    std::vector<std::vector<Value>> rows;
    int code = SQLITE_ROW;
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
        std::vector<Value> &row = rows.emplace_back();
        row.reserve(types.size());
        for (size_t i = 0; i < types.size(); ++i) {
            row.push_back(ReadValue(statement, static_cast<int>(i), types[i].type));
        }
    }
    const std::string error = code == SQLITE_DONE ? std::string() : sqlite3_errmsg(connection_);
    sqlite3_finalize(statement);
    if (code != SQLITE_DONE) return Fail(error);
    return rows;
}

}  // namespace kalam::devserver::query
