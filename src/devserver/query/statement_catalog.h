// The tables one statement may read, handed to the planner and, as it asks for them, to the statement's SQLite.
// Made by the statement runner for one statement; used on its thread.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "devserver/core.h"
#include "devserver/query/engine.h"
#include "devserver/sql/catalog.h"

namespace kalam::devserver::query {

class StatementCatalog : public sql::SqlCatalog {
 public:
    StatementCatalog(Core &core, Engine &engine) : core_(core), engine_(engine) {}

    const sql::SourceTable *FindTable(std::string_view ns, std::string_view name) override;

 private:
    const sql::SourceTable *Add(std::string_view ns, std::string_view name,
                                const std::shared_ptr<RowSource> &source, int key, bool user_data);

    Core &core_;
    Engine &engine_;
    std::vector<std::unique_ptr<sql::SourceTable>> tables_;
};

}  // namespace kalam::devserver::query
