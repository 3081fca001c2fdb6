// system.tables, columns, schemas, DESCRIBE, and information_schema: what is known of the tables.
#include "devserver/query/catalog_tables.h"

#include "devserver/query/rows_builder.h"

namespace kalam::devserver::query {

namespace {

// A made table as the catalog lists it.
struct Listed {
    std::string ns, name;
    std::vector<arrow::Field> fields;
};

std::vector<Listed> SystemListing(Core &core) {
    std::vector<Listed> all;
    for (const char *name : {"cluster", "cluster_groups", "columns", "datatypes", "jobs", "namespaces",
                             "sessions", "storages", "tables", "transactions", "users"}) {
        all.push_back({"system", name, SystemFields(core, name)});
    }
    return all;
}

std::string DefaultText(const Column &column) {
    return column.default_value.catalog;
}

Value TypeOf(const arrow::Field &field) {
    for (const auto &[key, json] : field.metadata) {
        if (key == "kalam_data_type") return TextCell(std::string_view(json).substr(1, json.size() - 2));
    }
    return TextCell("TEXT");
}

std::string ColumnsJson(const TableDef &def) {
    std::string json = "[";
    for (const Column &column : def.columns) {
        if (json.size() > 1) json += ',';
        json += R"({"column_name":")" + column.name + R"(","data_type":")" + SqlName(column.type) +
                R"(","is_nullable":)" + (column.not_null ? "false" : "true") + "}";
    }
    return json + "]";
}

// KalamDB keeps every version of a table's schema. This server keeps the names that columns ever had, and shows them
// in one older version, the columns that are gone as TEXT; null for a table that lost none.
std::optional<TableDef> FormerVersion(const TableDef &def) {
    TableDef former = def;
    former.version = def.version - 1;
    for (const std::string &name : def.slots) {
        if (def.FindColumn(name) < 0) former.columns.emplace_back().name = name;
    }
    if (former.columns.size() == def.columns.size()) return std::nullopt;
    return former;
}

std::vector<TableDefPtr> Tables(Core &core) {
    const Database::ReadLock lock(core.db);
    return core.db.Tables();
}

}  // namespace

std::vector<arrow::Field> TablesFields() {
    return {TextField("namespace_id"),           TextField("table_name"), TextField("table_type"),
            TextField("storage_id", Null::kYes), BigIntField("version"),  TextField("options", Null::kYes),
            TextField("comment", Null::kYes),    TimeField("updated_at"), TimeField("created_at")};
}

Rows SystemTables(Core &core) {
    Rows rows{TablesFields(), {}};
    for (const TableDefPtr &def : Tables(core)) {
        const bool stream = def->kind == sql::TableKind::kStream;
        rows.rows.push_back({TextCell(def->name.ns), TextCell(def->name.table),
                             TextCell(sql::LowerName(def->kind)), TextOrNull(stream ? "" : def->storage_id),
                             IntCell(def->version), TextCell(OptionsJson(*def)), TextOrNull(""),
                             TimeCell(def->updated_us), TimeCell(def->created_us)});
    }
    for (const Listed &table : SystemListing(core)) {
        rows.rows.push_back({TextCell(table.ns), TextCell(table.name), TextCell("system"), TextOrNull(""),
                             IntCell(1), TextCell(R"({"table_type":"SYSTEM"})"), TextOrNull(""), TimeCell(0),
                             TimeCell(0)});
    }
    return rows;
}

std::vector<arrow::Field> ColumnsFields() {
    return {TextField("namespace_id"), TextField("table_name"),
            BigIntField("version"),    BigIntField("column_id"),
            TextField("column_name"),  TextField("comment", Null::kYes),
            TextField("data_type"),    TextField("default_value", Null::kYes),
            BigIntField("ordinal"),    BoolField("nullable"),
            BoolField("primary_key"),  BigIntField("primary_key_pos", Null::kYes)};
}

Rows SystemColumns(Core &core) {
    Rows rows{ColumnsFields(), {}};
    for (const TableDefPtr &def : Tables(core)) {
        int64_t ordinal = 0;
        for (const Column &column : def->columns) {
            rows.rows.push_back({TextCell(def->name.ns), TextCell(def->name.table), IntCell(def->version),
                                 IntCell(column.id), TextCell(column.name), TextOrNull(""),
                                 TextCell(SqlName(column.type)), TextOrNull(DefaultText(column)),
                                 IntCell(++ordinal), Value::Bool(!column.not_null), Value::Bool(column.key),
                                 column.key ? IntCell(1) : Value::Null(Plain(TypeId::kInt64))});
        }
    }
    for (const Listed &table : SystemListing(core)) {
        int64_t ordinal = 0;
        for (const arrow::Field &field : table.fields) {
            ++ordinal;
            rows.rows.push_back({TextCell(table.ns), TextCell(table.name), IntCell(1), IntCell(ordinal),
                                 TextCell(field.name), TextOrNull(""), TypeOf(field), TextOrNull(""),
                                 IntCell(ordinal), Value::Bool(field.nullable), Value::Bool(false),
                                 Value::Null(Plain(TypeId::kInt64))});
        }
    }
    return rows;
}

namespace {

std::vector<Value> SchemaRow(const TableDef &def, bool latest) {
    const bool shared = def.kind == sql::TableKind::kShared;
    return {TextCell(def.Colon()),
            TextCell(def.name.table),
            TextCell(def.name.ns),
            TextCell(sql::LowerName(def.kind)),
            TimeCell(def.created_us),
            SmallCell(def.version),
            TextCell(ColumnsJson(def)),
            TextOrNull(""),
            TimeCell(def.updated_us),
            TextCell(OptionsJson(def)),
            TextOrNull(shared ? sql::DebugName(def.access_level) : ""),
            Value::Bool(latest),
            TextOrNull(def.storage_id),
            Value::Bool(def.use_user_storage)};
}

}  // namespace

Rows SystemSchemas(Core &core) {
    Rows rows{{KeyField("table_id"), TextField("table_name"), TextField("namespace_id"),
               TextField("table_type"), TimeField("created_at"), IntField("schema_version"),
               JsonField("columns"), TextField("table_comment", Null::kYes), TimeField("updated_at"),
               JsonField("options"), TextField("access_level", Null::kYes), BoolField("is_latest"),
               TextField("storage_id", Null::kYes), BoolField("use_user_storage")},
              {}};
    for (const TableDefPtr &def : Tables(core)) {
        rows.rows.push_back(SchemaRow(*def, true));
        const std::optional<TableDef> former = FormerVersion(*def);
        if (former) rows.rows.push_back(SchemaRow(*former, false));
    }
    return rows;
}

Rows SystemManifest(Core &core) {
    Rows rows{{KeyField("cache_key"), TextField("namespace_id"), TextField("table_name"), TextField("scope"),
               TextField("etag", Null::kYes), TimeField("last_refreshed"), TimeField("last_accessed"),
               BoolField("in_memory"), TextField("sync_state"), TextField("manifest_json")},
              {}};
    const Database::ReadLock lock(core.db);
    for (const TableDefPtr &def : core.db.Tables()) {
        if (def->kind == sql::TableKind::kStream) continue;
        const RowStore &stored = core.db.FindTable(def->name)->rows;
        const char *state = stored.HasHotRows() ? "pending_write" : "in_sync";
        for (const std::string &user : stored.Users()) {
            const std::string scope = def->PerUser() ? user : "shared";
            const char *segments = stored.HasFiles(user) ? R"([{"path":"batch-0.parquet"}])" : "[]";
            rows.rows.push_back(
                {TextCell(def->name.ns + ":" + def->name.table + ":" + scope), TextCell(def->name.ns),
                 TextCell(def->name.table), TextCell(scope), TextOrNull(""), TimeCell(0), TimeCell(0),
                 Value::Bool(true), TextCell(state),
                 TextCell("{\"table_id\":\"" + def->name.Dotted() + "\",\"segments\":" + segments + "}")});
        }
    }
    return rows;
}

Rows DescribeTable(const TableDef &def) {
    Rows rows{{TextField("column_name"), IntField("ordinal_position"), BigIntField("column_id"),
               TextField("data_type"), BoolField("is_nullable"), BoolField("is_primary_key"),
               TextField("column_default", Null::kYes), TextField("column_comment", Null::kYes),
               IntField("schema_version")},
              {}};
    int64_t ordinal = 0;
    for (const Column &column : def.columns) {
        const bool deleted = column.slot == kDeletedSlot;
        const char *comment = deleted                   ? "Soft delete flag"
                              : column.slot == kSeqSlot ? "Version ID (MVCC) with embedded timestamp"
                                                        : "";
        rows.rows.push_back({TextCell(column.name), SmallCell(++ordinal), IntCell(column.id),
                             TextCell(SqlName(column.type)), Value::Bool(!column.not_null),
                             Value::Bool(column.key), TextOrNull(deleted ? "FALSE" : DefaultText(column)),
                             TextOrNull(comment), SmallCell(1)});
    }
    return rows;
}

Rows TableStats(const TableDef &def) {
    Rows rows{{TextField("table_name"), TextField("namespace"), BigIntField("schema_version"),
               BigIntField("logical_rows"), BigIntField("flushed_segments"), BigIntField("active_streams"),
               BigIntField("memory_bytes")},
              {}};
    rows.rows.push_back({TextCell(def.name.table), TextCell(def.name.ns), IntCell(def.version), IntCell(0),
                         IntCell(0), IntCell(0), IntCell(0)});
    return rows;
}

namespace {

arrow::Field InfoText(const char *name) {
    return {name, Plain(TypeId::kUtf8), false, {}};
}

std::vector<Listed> InfoListing(Core &core) {
    std::vector<Listed> all;
    for (const TableDefPtr &def : Tables(core)) {
        Listed table{def->name.ns, def->name.table, {}};
        for (const Column &column : def->columns) table.fields.push_back(FieldOf(column));
        all.push_back(std::move(table));
    }
    for (Listed &table : SystemListing(core)) all.push_back(std::move(table));
    return all;
}

}  // namespace

Rows InfoColumns(Core &core) {
    Rows rows{{InfoText("table_catalog"), InfoText("table_schema"), InfoText("table_name"),
               InfoText("column_name"), arrow::Field{"ordinal_position", Plain(TypeId::kUInt64), false, {}},
               arrow::Field{"column_default", Plain(TypeId::kUtf8), true, {}}, InfoText("is_nullable"),
               InfoText("data_type")},
              {}};
    for (const Listed &table : InfoListing(core)) {
        uint64_t ordinal = 0;
        for (const arrow::Field &field : table.fields) {
            rows.rows.push_back({TextCell("kalam"), TextCell(table.ns), TextCell(table.name),
                                 TextCell(field.name), Value::UInt(ordinal++), TextOrNull(""),
                                 TextCell(field.nullable ? "YES" : "NO"), TextCell(DisplayName(field.type))});
        }
    }
    return rows;
}

Rows InfoTables(Core &core) {
    Rows rows{
        {InfoText("table_catalog"), InfoText("table_schema"), InfoText("table_name"), InfoText("table_type")},
        {}};
    for (const Listed &table : InfoListing(core)) {
        rows.rows.push_back(
            {TextCell("kalam"), TextCell(table.ns), TextCell(table.name), TextCell("BASE TABLE")});
    }
    return rows;
}

}  // namespace kalam::devserver::query
