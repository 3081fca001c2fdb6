// ALTER TABLE: one action a statement; each makes a new definition of the table.
#include "devserver/ddl/ddl.h"
#include "devserver/error.h"
#include "devserver/sql/names.h"

namespace kalam::devserver::ddl {

namespace {

using Action = sql::AlterTable::Action;

enum class Change : uint8_t { kMade, kNone, kAnsweredOnly };

Column &RequireColumn(TableDef &def, const std::string &name) {
    const int index = def.FindColumn(name);
    if (index < 0) ThrowSql("Invalid operation: Column '" + name + "' does not exist");
    return def.columns[index];
}

Column &RequireOwnColumn(TableDef &def, const std::string &name, const char *verb) {
    Column &column = RequireColumn(def, name);
    if (column.system()) {
        ThrowSql(std::string("Invalid operation: Cannot ") + verb + " column '" + name +
                 "': system column cannot be modified");
    }
    return column;
}

void RequireNewName(const TableDef &def, const std::string &name) {
    const std::string refusal = sql::CheckColumnName(name);
    if (!refusal.empty()) ThrowSql("Invalid operation: Invalid column name '" + name + "': " + refusal);
    if (def.FindColumn(name) >= 0) ThrowSql("Invalid operation: Column '" + name + "' already exists");
}

Change Add(TableDef &def, const sql::AlterTable &statement) {
    RequireNewName(def, statement.column.name);
    Column column;
    column.name = statement.column.name;
    column.type = statement.column.type;
    column.not_null = statement.column.not_null;
    column.default_value = statement.column.default_value;
    column.slot = def.SlotOf(column.name);
    column.id = def.NextColumnId();
    def.columns.push_back(std::move(column));
    return Change::kMade;
}

// Dropping the key is answered as done, and leaves it where it is.
Change Drop(TableDef &def, const std::string &name) {
    const Column &column = RequireOwnColumn(def, name, "drop");
    if (column.key) return Change::kAnsweredOnly;
    def.columns.erase(def.columns.begin() + (&column - def.columns.data()));
    return Change::kMade;
}

Change Modify(TableDef &def, const sql::AlterTable &statement) {
    Column &column = RequireOwnColumn(def, statement.column.name, "modify");
    const bool not_null = statement.nullability ? !*statement.nullability : column.not_null;
    if (column.type == statement.column.type && column.not_null == not_null) return Change::kNone;
    column.type = statement.column.type;
    column.not_null = not_null || column.key;
    return Change::kMade;
}

Change SetNotNull(TableDef &def, const std::string &name, bool not_null) {
    Column &column = RequireOwnColumn(def, name, "alter");
    if (column.not_null == not_null || column.key) return Change::kNone;
    column.not_null = not_null;
    return Change::kMade;
}

Change SetDefault(TableDef &def, const std::string &name, sql::DefaultValue value) {
    RequireOwnColumn(def, name, "alter").default_value = std::move(value);
    return Change::kMade;
}

// The values stay under the old name: the column is empty afterwards.
Change Rename(TableDef &def, const std::string &name, const std::string &new_name) {
    RequireOwnColumn(def, name, "rename");
    RequireNewName(def, new_name);
    Column &column = RequireColumn(def, name);
    column.name = new_name;
    column.slot = def.SlotOf(new_name);
    return Change::kMade;
}

Change SetAccessLevel(TableDef &def, sql::AccessLevel level) {
    if (def.kind != sql::TableKind::kShared) {
        ThrowSql("Invalid operation: ACCESS LEVEL can only be set on SHARED tables");
    }
    if (def.access_level == level) return Change::kNone;
    def.access_level = level;
    return Change::kMade;
}

Change Apply(TableDef &def, const sql::AlterTable &statement) {
    const std::string &name = statement.column.name;
    switch (statement.action) {
        case Action::kAddColumn:
            return Add(def, statement);
        case Action::kDropColumn:
            return Drop(def, name);
        case Action::kModifyColumn:
            return Modify(def, statement);
        case Action::kSetNotNull:
            return SetNotNull(def, name, true);
        case Action::kDropNotNull:
            return SetNotNull(def, name, false);
        case Action::kSetDefault:
            return SetDefault(def, name, statement.column.default_value);
        case Action::kDropDefault:
            return SetDefault(def, name, {});
        case Action::kRenameColumn:
            return Rename(def, name, statement.new_name);
        case Action::kSetAccessLevel:
            return SetAccessLevel(def, statement.access_level);
    }
    return Change::kNone;
}

}  // namespace

std::string Execute(Core &core, const sql::AlterTable &statement) {
    const Database::WriteLock lock(core.db);
    const Table *table = core.db.FindTable(statement.name);
    if (table == nullptr) RefuseMissingTable(statement.name);
    TableDef def = *table->def;
    const Change change = Apply(def, statement);
    const std::string table_text = "Table " + statement.name.Dotted();
    if (change == Change::kNone) {
        return table_text + " unchanged: " + statement.description + " (version " +
               std::to_string(def.version) + " - no changes needed)";
    }
    ++def.version;
    const std::string version = std::to_string(def.version);
    if (change == Change::kMade) {
        def.updated_us = core.clock.UnixMicros();
        core.db.AlterTable(std::move(def));
    }
    return table_text + " altered successfully: " + statement.description + " (version " + version + ")";
}

}  // namespace kalam::devserver::ddl
