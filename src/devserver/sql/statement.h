// What one SQL statement says, parsed: a struct per kind, and the variant over them.
// Filled by the parser (parser.h), read by the statement executor. Names are folded to lower case unless said
// otherwise.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "devserver/values/kalam_type.h"
#include "devserver/values/value.h"

namespace kalam::devserver::sql {

enum class TableKind : std::uint8_t { kUser, kShared, kStream, kSystem };
enum class AccessLevel : std::uint8_t { kPublic, kPrivate, kRestricted, kDba };

const char *LowerName(TableKind kind);     // "shared"
const char *DebugName(AccessLevel level);  // "Private"

struct TableName {
    std::string ns;  // "default" when the statement gave none
    std::string table;
    std::string Dotted() const { return ns + "." + table; }
    bool operator==(const TableName &) const = default;
};

// A column's DEFAULT. Only SQL INSERTs apply it.
struct DefaultValue {
    enum class Kind : std::uint8_t { kNone, kLiteral, kNow, kSnowflakeId, kUuidV7, kUlid, kCurrentUser };
    Kind kind = Kind::kNone;
    Value literal;  // kLiteral; Utf8, Int64, Float64, Boolean or NULL
    std::string
        catalog;      // as system.columns shows it: String("x"), Number(5), NOW(), CURRENT_TIMESTAMP(), Null
    std::string sql;  // as written, for ALTER TABLE's answer
};

struct ColumnDef {
    std::string name;
    KalamType type;
    bool not_null = false;
    DefaultValue default_value;
};

struct FlushPolicy {
    std::optional<std::uint32_t> rows;
    std::optional<std::uint32_t> interval_seconds;
};

struct CreateTable {
    TableName name;
    TableKind kind = TableKind::kShared;
    bool if_not_exists = false;
    std::vector<ColumnDef> columns;
    int key_column = -1;  // index into columns; -1 when none was declared
    std::string storage_id = "local";
    bool use_user_storage = false;
    std::optional<FlushPolicy> flush_policy;
    std::uint64_t ttl_seconds = 0;
    AccessLevel access_level = AccessLevel::kPrivate;
};

struct AlterTable {
    enum class Action : std::uint8_t {
        kAddColumn,     // column (with default)
        kDropColumn,    // column.name
        kModifyColumn,  // column.name, column.type, nullability
        kSetNotNull,
        kDropNotNull,
        kSetDefault,  // column.default_value
        kDropDefault,
        kRenameColumn,  // column.name -> new_name (not folded)
        kSetAccessLevel,
    };
    TableName name;
    Action action = Action::kAddColumn;
    ColumnDef column;
    std::optional<bool> nullability;  // MODIFY COLUMN ... NULL (true) / NOT NULL (false)
    std::string new_name;
    AccessLevel access_level = AccessLevel::kPrivate;
    std::string description;  // "ADD COLUMN c TEXT", as the answer repeats it
};

struct DropTable {
    TableName name;
    bool if_exists = false;
};

struct CreateNamespace {
    std::string name;
    bool if_not_exists = false;
};
struct DropNamespace {
    std::string name;
    bool if_exists = false;
};
struct AlterNamespace {
    std::string name;
    std::string options_json;  // {"owner":"x"}
};
struct UseNamespace {
    std::string name;
};
struct ShowNamespaces {};
struct ShowStorages {};
struct ShowTables {
    std::optional<std::string> ns;
};
struct DescribeTable {
    TableName name;
};
struct ShowStats {
    TableName name;
};
struct FlushTable {
    TableName name;
};
struct FlushAll {
    std::optional<std::string> ns;
};

struct CreateStorage {
    std::string id;
    std::string type = "filesystem";
    std::string name, description, base_directory;
};
struct AlterStorage {
    std::string id;
    std::optional<std::string> name, description;
};
struct DropStorage {
    std::string id;
    bool if_exists = false;
};

struct CreateUser {
    std::string name;       // case kept
    std::string auth_type;  // Password, OAuth, Internal
    std::string password;
    std::string role;  // dba, service, user, system
    std::optional<std::string> email;
};
struct AlterUser {
    std::string name;
    std::optional<std::string> password, role, email;  // exactly one is set
};
struct DropUser {
    std::string name;
    bool if_exists = false;
};

// SELECT, WITH, VALUES, INSERT, UPDATE, DELETE: planned by query.h.
struct QueryAst;
struct Query {
    std::shared_ptr<const QueryAst> ast;
};

using Statement =
    std::variant<Query, CreateTable, AlterTable, DropTable, CreateNamespace, DropNamespace, AlterNamespace,
                 UseNamespace, ShowNamespaces, ShowStorages, ShowTables, DescribeTable, ShowStats, FlushTable,
                 FlushAll, CreateStorage, AlterStorage, DropStorage, CreateUser, AlterUser, DropUser>;

}  // namespace kalam::devserver::sql
