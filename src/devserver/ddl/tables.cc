// CREATE TABLE, DROP TABLE, STORAGE FLUSH.
#include "devserver/ddl/ddl.h"
#include "devserver/error.h"
#include "devserver/ids.h"
#include "devserver/request.h"
#include "devserver/sql/names.h"

namespace kalam::devserver::ddl {

namespace {

std::string KindName(sql::TableKind kind) {
    std::string name = sql::LowerName(kind);
    name[0] = static_cast<char>(name[0] - 'a' + 'A');
    return name;
}

void CheckKey(const sql::CreateTable &statement) {
    const bool needs_key = statement.kind != sql::TableKind::kStream;
    if (needs_key && statement.key_column < 0) {
        ThrowSql("Invalid operation: " + KindName(statement.kind) + " tables require a PRIMARY KEY column");
    }
}

TableDef Define(const sql::CreateTable &statement, int64_t now_us) {
    TableDef def;
    def.name = statement.name;
    def.kind = statement.kind;
    def.storage_id = statement.storage_id;
    def.use_user_storage = statement.use_user_storage;
    def.flush_policy = statement.flush_policy;
    def.ttl_seconds = statement.ttl_seconds;
    def.access_level = statement.access_level;
    def.created_us = now_us;
    def.updated_us = now_us;
    for (size_t i = 0; i < statement.columns.size(); ++i) {
        const sql::ColumnDef &declared = statement.columns[i];
        Column column;
        column.name = declared.name;
        column.type = declared.type;
        column.key = static_cast<int>(i) == statement.key_column;
        column.not_null = declared.not_null || column.key;
        column.slot = def.SlotOf(declared.name);
        column.id = def.NextColumnId();
        column.default_value = declared.default_value;
        def.columns.push_back(std::move(column));
    }
    def.columns.push_back(SeqColumn(def.NextColumnId()));
    def.columns.push_back(DeletedColumn(def.NextColumnId()));
    return def;
}

}  // namespace

void RefuseMissingTable(const sql::TableName &name) {
    ThrowSql("Not found: Table '" + name.table + "' not found in namespace '" + name.ns + "'");
}

std::string Execute(Core &core, const sql::CreateTable &statement) {
    const sql::TableName &name = statement.name;
    if (name.ns == "system") {
        ThrowSql("Invalid operation: Cannot create system table '" + name.Dotted() +
                 "'. System tables are managed internally.");
    }
    const std::string refusal = sql::CheckTableName(name.table);
    if (!refusal.empty()) ThrowSql("Invalid operation: Invalid table name '" + name.table + "': " + refusal);
    const std::string done = std::string("CREATE TABLE via Raft consensus: ") +
                             sql::LowerName(statement.kind) + " table " + name.Dotted() +
                             " created successfully";
    const Database::WriteLock lock(core.db);
    if (core.db.FindNamespace(name.ns) == nullptr) {
        ThrowSql("Invalid operation: Namespace '" + name.ns +
                 "' does not exist. Create it first with CREATE NAMESPACE " + name.ns);
    }
    CheckKey(statement);
    if (core.db.FindTable(name) != nullptr) {
        if (statement.if_not_exists) return done;
        ThrowSql("Already exists: Table " + name.Dotted() + " already exists");
    }
    if (!core.db.storages().contains(statement.storage_id)) {
        ThrowSql("Invalid operation: Storage '" + statement.storage_id + "' does not exist");
    }
    const std::string bad_column = sql::CheckColumnNames(statement);
    if (!bad_column.empty()) ThrowSql(bad_column);
    core.db.CreateTable(Define(statement, core.clock.UnixMicros()));
    return done;
}

std::string Execute(Core &core, const sql::DropTable &statement) {
    DieLikeKalamDb("namespace id", statement.name.ns);
    DieLikeKalamDb("table name", statement.name.table);
    const Database::WriteLock lock(core.db);
    if (core.db.FindTable(statement.name) == nullptr) {
        if (!statement.if_exists) RefuseMissingTable(statement.name);
        return "Table " + statement.name.Dotted() + " does not exist (skipped)";
    }
    core.db.DropTable(statement.name);
    return "Table " + statement.name.Dotted() + " dropped successfully. Cleanup job: " + NewJobId("CL");
}

std::string Execute(Core &core, const sql::FlushTable &statement) {
    const Database::WriteLock lock(core.db);
    Table *table = core.db.FindTable(statement.name);
    const std::string dotted = statement.name.Dotted();
    if (table == nullptr) ThrowSql("Not found: Table " + dotted + " not found");
    if (table->def->kind == sql::TableKind::kStream) {
        ThrowSql("Invalid operation: Cannot flush stream table '" + dotted +
                 "': stream tables do not support flushing");
    }
    if (!core.db.Flush(*table)) return "Storage flush skipped: no pending writes for table '" + dotted + "'";
    return "Storage flush started for table '" + dotted + "'. Job ID: " + NewJobId("FL");
}

std::string Execute(Core &core, const sql::FlushAll &statement) {
    const Database::WriteLock lock(core.db);
    const std::string ns = statement.ns.value_or("default");
    if (core.db.FindNamespace(ns) == nullptr) {
        ThrowSql("Not found: Namespace '" + ns + "' not found");
    }
    size_t started = 0;
    std::string jobs;
    for (const TableDefPtr &def : core.db.Tables()) {
        if (def->name.ns != ns || def->kind == sql::TableKind::kStream) continue;
        if (!core.db.Flush(*core.db.FindTable(def->name))) continue;
        jobs += (started++ == 0 ? "" : ", ") + NewJobId("FL");
    }
    return "Storage flush started for " + std::to_string(started) + " table(s) in namespace '" + ns +
           "'. Job IDs: [" + jobs + "]";
}

}  // namespace kalam::devserver::ddl
