// Makes the rows of namespace system; the tables about tables are in catalog_tables.cc.
#include "devserver/query/system_tables.h"

#include <array>

#include "devserver/query/catalog_tables.h"
#include "devserver/query/rows_builder.h"
#include "devserver/session/owner_key.h"

namespace kalam::devserver::query {

namespace {

Rows Namespaces(Core &core) {
    Rows rows{{KeyField("namespace_id"), TextField("name"), TimeField("created_at"), JsonField("options"),
               IntField("table_count")},
              {}};
    const Database::ReadLock lock(core.db);
    for (const auto &[name, ns] : core.db.namespaces()) {
        rows.rows.push_back({TextCell(name), TextCell(name), TimeCell(ns.created_ms),
                             TextCell(ns.options_json), SmallCell(0)});
    }
    return rows;
}

Rows Sessions(Core &core) {
    Rows rows{
        {TextField("session_id"), BigIntField("backend_pid", Null::kYes),
         TextField("current_schema", Null::kYes), TextField("state"), TextField("transaction_id", Null::kYes),
         TextField("transaction_state", Null::kYes), BoolField("transaction_has_writes"),
         TextField("client_addr", Null::kYes), TextField("transport"), TimeField("opened_at"),
         TimeField("last_seen_at"), TextField("last_method", Null::kYes)},
        {}};
    const auto live = [&core](const SessionRecord &session) {
        return core.transactions.IsLive(session.pinned_transaction);
    };
    const std::vector<Transaction> transactions = core.transactions.List();
    for (const SessionRecord &session : core.sessions.List(live)) {
        const Transaction *tx = nullptr;
        for (const Transaction &candidate : transactions) {
            if (candidate.id == session.pinned_transaction) tx = &candidate;
        }
        const int64_t pid = BackendPidOf(session.id);
        const bool writes = tx != nullptr && tx->state == TxState::kOpenWrite;
        const bool open = tx != nullptr && tx->state <= TxState::kOpenWrite;
        rows.rows.push_back(
            {TextCell(session.id), pid < 0 ? Value::Null(Plain(TypeId::kInt64)) : IntCell(pid),
             OptionalCell(session.current_schema), TextCell(tx != nullptr ? "idle in transaction" : "idle"),
             TextOrNull(tx != nullptr ? tx->id : ""),
             TextOrNull(tx == nullptr ? ""
                        : open        ? "active"
                                      : NameOf(tx->state)),
             Value::Bool(writes), TextOrNull(session.client_addr), TextCell("grpc"),
             TimeCell(session.opened_us), TimeCell(session.last_seen_us), TextOrNull(session.last_method)});
    }
    return rows;
}

Rows Transactions(Core &core) {
    Rows rows{
        {TextField("transaction_id"), TextField("owner_id"), TextField("origin"), TextField("state"),
         BigIntField("age_ms"), BigIntField("idle_ms"), BigIntField("write_count"),
         BigIntField("write_bytes"), BigIntField("touched_tables_count"), BigIntField("snapshot_commit_seq")},
        {}};
    const int64_t now = core.clock.UnixMillis();
    for (const Transaction &tx : core.transactions.List()) {
        rows.rows.push_back({TextCell(tx.id), TextCell(tx.owner_id), TextCell("PgRpc"),
                             TextCell(NameOf(tx.state)), IntCell(now - tx.started_ms),
                             IntCell(now - tx.last_activity_ms),
                             IntCell(static_cast<int64_t>(tx.mutations.size())),
                             IntCell(static_cast<int64_t>(tx.write_bytes)),
                             IntCell(static_cast<int64_t>(tx.touched_tables.size())),
                             IntCell(static_cast<int64_t>(tx.snapshot))});
    }
    return rows;
}

Rows Users(Core &core) {
    Rows rows{{KeyField("user_id"), TextField("password_hash"), TextField("role"),
               TextField("email", Null::kYes), TextField("auth_type"), JsonField("auth_data"),
               TextField("storage_mode"), TextField("storage_id", Null::kYes),
               IntField("failed_login_attempts"), TimeField("locked_until", Null::kYes),
               TimeField("last_login_at", Null::kYes), TimeField("created_at"), TimeField("updated_at"),
               TimeField("last_seen", Null::kYes), TimeField("deleted_at", Null::kYes)},
              {}};
    const Database::ReadLock lock(core.db);
    for (const auto &[name, account] : core.db.accounts()) {
        rows.rows.push_back({TextCell(name), TextCell(account.password_hash), TextCell(account.role),
                             OptionalCell(account.email), TextCell(account.auth_type), TextOrNull(""),
                             TextCell("Table"), TextCell("local"), SmallCell(0), NoTime(), NoTime(),
                             TimeCell(account.created_ms), TimeCell(account.updated_ms), NoTime(),
                             account.deleted_ms ? TimeCell(*account.deleted_ms) : NoTime()});
    }
    return rows;
}

Rows Storages(Core &core) {
    Rows rows{{KeyField("storage_id"), TextField("storage_name"), TextField("description", Null::kYes),
               TextField("storage_type"), TextField("base_directory"), JsonField("credentials"),
               JsonField("config_json"), TextField("shared_tables_template"),
               TextField("user_tables_template"), TimeField("created_at"), TimeField("updated_at")},
              {}};
    const Database::ReadLock lock(core.db);
    for (const auto &[id, storage] : core.db.storages()) {
        rows.rows.push_back({TextCell(id), TextCell(storage.name), TextOrNull(storage.description),
                             TextCell(storage.type), TextCell(storage.base_directory), TextOrNull(""),
                             TextOrNull(""), TextCell("{namespace}/{tableName}"),
                             TextCell("{namespace}/{tableName}/{userId}"), TimeCell(storage.created_ms),
                             TimeCell(storage.updated_ms)});
    }
    return rows;
}

Rows DataTypes(Core &) {
    struct Known {
        const char *arrow, *kalam, *sql, *description;
    };
    constexpr std::array<Known, 17> kKnown = {{
        {"Boolean", "Boolean", "BOOLEAN", "True or false"},
        {"Int16", "SmallInt", "SMALLINT", "16-bit signed integer"},
        {"Int32", "Int", "INT", "32-bit signed integer"},
        {"Int64", "BigInt", "BIGINT", "64-bit signed integer"},
        {"Float32", "Float", "FLOAT", "32-bit floating point"},
        {"Float64", "Double", "DOUBLE", "64-bit floating point"},
        {"Utf8", "Text", "TEXT", "UTF-8 text"},
        {"Utf8", "Json", "JSON", "JSON document"},
        {"Utf8", "File", "FILE", "Reference to a file"},
        {"Timestamp(Microsecond, None)", "Timestamp", "TIMESTAMP", "Timestamp without time zone"},
        {"Timestamp(Microsecond, Some(\"UTC\"))", "DateTime", "DATETIME", "Timestamp in UTC"},
        {"Date32", "Date", "DATE", "Days since 1970-01-01"},
        {"Time64(Microsecond)", "Time", "TIME", "Microseconds since midnight"},
        {"Binary", "Bytes", "BYTES", "Bytes of any length"},
        {"FixedSizeBinary(16)", "Uuid", "UUID", "128-bit identifier"},
        {"Decimal128", "Decimal", "DECIMAL", "Fixed-point number"},
        {"FixedSizeList", "Embedding", "EMBEDDING", "Vector of 32-bit floats"},
    }};
    Rows rows{
        {TextField("arrow_type"), TextField("kalam_type"), TextField("sql_name"), TextField("description")},
        {}};
    for (const Known &known : kKnown) {
        rows.rows.push_back(
            {TextCell(known.arrow), TextCell(known.kalam), TextCell(known.sql), TextCell(known.description)});
    }
    return rows;
}

// Always empty: what KalamDB leaves to jobs (the data of dropped tables, flushes) is done here before the call returns.
Rows Jobs(Core &) {
    return {{KeyField("job_id"), TextField("job_type"), TextField("status"),
             TextField("leader_status", Null::kYes), JsonField("parameters"),
             TextField("message", Null::kYes), TextField("exception_trace", Null::kYes),
             TextField("idempotency_key", Null::kYes), TimeField("created_at"), TimeField("updated_at")},
            {}};
}

Rows Cluster(Core &core) {
    Rows rows{{BigIntField("node_id"), TextField("rpc_addr"), TextField("api_addr"), BoolField("is_self"),
               BoolField("is_leader"), TextField("status"), BigIntField("groups_leading")},
              {}};
    const auto other = core.leadership.Get();
    const bool leads_shared = !other.shared_group, leads_users = !other.user_groups;
    const int64_t leading = 1 + leads_shared + leads_users;
    rows.rows.push_back({IntCell(1), TextCell(core.config.rpc_address), TextCell(core.config.api_address),
                         Value::Bool(true), Value::Bool(true), TextCell("active"), IntCell(leading)});
    if (!other.api_addr.empty()) {
        rows.rows.push_back({IntCell(2), TextCell(other.rpc_addr), TextCell(other.api_addr),
                             Value::Bool(false), Value::Bool(false), TextCell("active"),
                             IntCell(3 - leading)});
    }
    return rows;
}

Rows ClusterGroups(Core &core) {
    Rows rows{{BigIntField("group_id"), TextField("group_type"), BigIntField("current_leader")}, {}};
    const auto other = core.leadership.Get();
    rows.rows.push_back({IntCell(10), TextCell("meta"), IntCell(1)});
    rows.rows.push_back({IntCell(100), TextCell("user_data"), IntCell(other.user_groups ? 2 : 1)});
    rows.rows.push_back({IntCell(200), TextCell("shared_data"), IntCell(other.shared_group ? 2 : 1)});
    return rows;
}

struct Made {
    const char *ns, *name;
    Rows (*make)(Core &);
};

constexpr std::array<Made, 15> kMade = {{
    {"system", "tables", SystemTables},
    {"system", "columns", SystemColumns},
    {"system", "schemas", SystemSchemas},
    {"system", "manifest", SystemManifest},
    {"system", "namespaces", Namespaces},
    {"system", "sessions", Sessions},
    {"system", "transactions", Transactions},
    {"system", "users", Users},
    {"system", "storages", Storages},
    {"system", "datatypes", DataTypes},
    {"system", "jobs", Jobs},
    {"system", "cluster", Cluster},
    {"system", "cluster_groups", ClusterGroups},
    {"information_schema", "columns", InfoColumns},
    {"information_schema", "tables", InfoTables},
}};

}  // namespace

bool IsSystemNamespace(std::string_view ns) {
    return ns == "system" || ns == "information_schema";
}

std::optional<Rows> SystemTable(Core &core, std::string_view ns, std::string_view name) {
    for (const Made &table : kMade) {
        if (ns == table.ns && name == table.name) return table.make(core);
    }
    return std::nullopt;
}

std::vector<arrow::Field> SystemFields(Core &core, std::string_view name) {
    if (name == "tables") return TablesFields();
    if (name == "columns") return ColumnsFields();
    const auto rows = SystemTable(core, "system", name);
    return rows ? rows->fields : std::vector<arrow::Field>{};
}

}  // namespace kalam::devserver::query
