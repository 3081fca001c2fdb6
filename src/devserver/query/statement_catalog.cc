// Finds tables for the planner and puts them into the statement's SQLite; see statement_catalog.h.
#include "devserver/query/statement_catalog.h"

#include "devserver/error.h"
#include "devserver/query/system_tables.h"
#include "devserver/query/table_source.h"

namespace kalam::devserver::query {

const sql::SourceTable *StatementCatalog::FindTable(std::string_view ns, std::string_view name) {
    for (const auto &table : tables_) {
        if (table->ns == ns && table->name == name) return table.get();
    }
    if (IsSystemNamespace(ns)) {
        auto rows = SystemTable(core_, ns, name);
        if (!rows) return nullptr;
        return Add(ns, name, std::make_shared<MemorySource>(std::move(*rows)), -1, false);
    }
    TableDefPtr def;
    {
        const Database::ReadLock lock(core_.db);
        const Table *table = core_.db.FindTable({std::string(ns), std::string(name)});
        if (table == nullptr) return nullptr;
        def = table->def;
    }
    const std::string leader = core_.leadership.ElsewhereFor(def->kind);
    if (!leader.empty()) ThrowSql("Not leader for shard. Leader: Some(\"" + leader + "\")");
    auto source = std::make_shared<TableSource>(core_.db, def, core_.config.hot_row_cap);
    return Add(ns, name, source, def->KeyColumn(), true);
}

const sql::SourceTable *StatementCatalog::Add(std::string_view ns, std::string_view name,
                                              const std::shared_ptr<RowSource> &source, int key,
                                              bool user_data) {
    auto table = std::make_unique<sql::SourceTable>();
    table->ns = ns;
    table->name = name;
    table->sqlite_source = engine_.AddTable(source);
    table->columns = source->fields();
    table->key_column = key;
    table->user_data = user_data;
    tables_.push_back(std::move(table));
    return tables_.back().get();
}

}  // namespace kalam::devserver::query
