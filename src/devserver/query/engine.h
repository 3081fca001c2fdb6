// One statement's SQLite: a connection of its own, the tables the statement reads as virtual tables, the functions.
// Made, used and destroyed by the statement runner on one thread; nothing outlives the statement.
#pragma once

#include <sqlite3.h>

#include <memory>
#include <string>
#include <vector>

#include "devserver/clock.h"
#include "devserver/query/row_source.h"

namespace kalam::devserver::query {

class Engine {
 public:
    explicit Engine(const Clock &clock);
    ~Engine();
    Engine(const Engine &) = delete;
    Engine &operator=(const Engine &) = delete;

    // Makes the source readable; returns the quoted name under which FROM finds it.
    std::string AddTable(std::shared_ptr<RowSource> source);

    // Runs `sql` and reads its columns as `types`. A failure's text is the complete message of the
    // statement, prefix included.
    Result<std::vector<std::vector<Value>>> Run(const std::string &sql,
                                                const std::vector<arrow::Field> &types);

 private:
    sqlite3 *connection_ = nullptr;
    std::vector<std::shared_ptr<RowSource>> sources_;  // the virtual tables refer to them by index
};

}  // namespace kalam::devserver::query
