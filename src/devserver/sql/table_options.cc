// The options of CREATE TABLE ... WITH ( ... ). See table_parser.h.
#include <algorithm>
#include <charconv>

#include "devserver/sql/names.h"
#include "devserver/sql/table_parser.h"

namespace kalam::devserver::sql {
namespace {

constexpr std::uint32_t kMaxRows = 1'000'000;
constexpr std::uint32_t kMaxSeconds = 86'400;

// 'v', v, 5, TRUE, also several tokens of a bare value.
std::string OptionValue(Cursor &cursor) {
    if (cursor.Peek().kind == TokenKind::kString) return cursor.Next().text;
    if (cursor.AtEnd() || cursor.Peek().kind == TokenKind::kSymbol) cursor.FailExpected("an option value");
    return cursor.Next().text;
}

TableKind ParseKind(const std::string &value) {
    const std::string upper = ToUpper(value);
    if (upper == "USER") return TableKind::kUser;
    if (upper == "SHARED") return TableKind::kShared;
    if (upper == "STREAM") return TableKind::kStream;
    if (upper == "SYSTEM") return TableKind::kSystem;
    throw SqlError{"Invalid table TYPE '" + value + "'. Supported values: USER, SHARED, STREAM"};
}

template <typename T>
T ParseUnsigned(std::string_view text, const std::string &complaint) {
    T value = 0;
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || parsed.ec != std::errc() || parsed.ptr != text.data() + text.size())
        throw SqlError{complaint};
    return value;
}

bool ParseBoolean(const std::string &option, const std::string &value) {
    const std::string upper = ToUpper(value);
    if (upper != "TRUE" && upper != "FALSE")
        throw SqlError{"Invalid " + option + " value '" + value + "'. Expected TRUE or FALSE"};
    return upper == "TRUE";
}

std::string_view Trimmed(std::string_view text) {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    return text;
}

void ParseFlushPart(std::string_view part, FlushPolicy &policy) {
    const std::size_t colon = part.find(':');
    if (colon == part.npos)
        throw SqlError{"Invalid FLUSH_POLICY format '" + std::string(part) + "'. Expected 'key:value'"};
    const std::string key(Trimmed(part.substr(0, colon)));
    const std::string value(Trimmed(part.substr(colon + 1)));
    if (FoldCase(key) == "rows") {
        policy.rows = ParseUnsigned<std::uint32_t>(value, "Invalid rows value '" + value + "'");
    } else if (FoldCase(key) == "interval") {
        policy.interval_seconds =
            ParseUnsigned<std::uint32_t>(value, "Invalid interval value '" + value + "'");
    } else {
        throw SqlError{"Unknown FLUSH_POLICY key '" + key + "'"};
    }
}

FlushPolicy ParseFlushPolicy(std::string_view text) {
    FlushPolicy policy;
    for (std::string_view rest = text;;) {
        const std::size_t comma = rest.find(',');
        ParseFlushPart(Trimmed(rest.substr(0, comma)), policy);
        if (comma == rest.npos) break;
        rest.remove_prefix(comma + 1);
    }
    if (policy.rows.value_or(0) == 0) policy.rows.reset();
    if (policy.interval_seconds.value_or(0) == 0) policy.interval_seconds.reset();
    if (!policy.rows && !policy.interval_seconds)
        throw SqlError{"FLUSH_POLICY must specify 'rows' or 'interval' > 0"};
    if (policy.rows.value_or(0) >= kMaxRows) throw SqlError{"Row limit must be less than 1,000,000"};
    if (policy.interval_seconds.value_or(0) >= kMaxSeconds)
        throw SqlError{"Flush interval must be less than 86400 seconds (24 hours)"};
    return policy;
}

std::string ParseStorageId(const std::string &value) {
    const bool fine = !value.empty() && std::all_of(value.begin(), value.end(), [](unsigned char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
               c == '-';
    });
    if (!fine) throw SqlError{"Invalid STORAGE_ID '" + value + "'"};
    return value;
}

void ApplyOption(const std::string &name, const std::string &value, CreateTable &table,
                 std::optional<TableKind> prefix) {
    if (name == "TYPE") {
        const TableKind kind = ParseKind(value);
        if (prefix && *prefix != kind)
            throw SqlError{"Conflicting table type definitions: CREATE " + ToUpper(LowerName(*prefix)) +
                           " TABLE but TYPE = '" + value + "'"};
        table.kind = kind;
    } else if (name == "STORAGE_ID") {
        table.storage_id = ParseStorageId(value);
    } else if (name == "USE_USER_STORAGE") {
        table.use_user_storage = ParseBoolean(name, value);
    } else if (name == "FLUSH_POLICY") {
        table.flush_policy = ParseFlushPolicy(value);
    } else if (name == "DELETED_RETENTION_HOURS") {
        ParseUnsigned<std::uint32_t>(value, "Invalid DELETED_RETENTION_HOURS value '" + value + "'");
    } else if (name == "TTL_SECONDS") {
        table.ttl_seconds = ParseUnsigned<std::uint64_t>(value, "Invalid TTL_SECONDS value '" + value + "'");
    } else if (name == "ACCESS_LEVEL") {
        table.access_level = ParseAccessLevel(value);
    } else {
        throw SqlError{"Unknown table option '" + name + "'"};
    }
}

}  // namespace

void ParseTableOptions(Cursor &cursor, CreateTable &table, std::optional<TableKind> prefix) {
    cursor.ExpectSymbol("(");
    std::vector<std::string> seen;
    do {
        const std::string name = ToUpper(cursor.ExpectName().text);
        cursor.ExpectSymbol("=");
        ApplyOption(name, OptionValue(cursor), table, prefix);
        seen.push_back(name);
    } while (cursor.AcceptSymbol(","));
    cursor.ExpectSymbol(")");
    const auto given = [&](const char *name) {
        return std::find(seen.begin(), seen.end(), name) != seen.end();
    };
    if (given("TTL_SECONDS") && table.kind != TableKind::kStream)
        throw SqlError{"TTL_SECONDS is only supported for STREAM tables"};
    if (given("USE_USER_STORAGE") && table.kind != TableKind::kUser)
        throw SqlError{"USE_USER_STORAGE is only supported for USER tables"};
    if (given("ACCESS_LEVEL") && table.kind != TableKind::kShared)
        throw SqlError{"ACCESS_LEVEL is only supported for SHARED tables"};
}

void CheckTableOptions(const CreateTable &table) {
    if (table.kind == TableKind::kStream && table.ttl_seconds == 0)
        throw SqlError{"STREAM tables must specify 'TTL_SECONDS'"};
}

AccessLevel ParseAccessLevel(std::string_view text) {
    const std::string upper = ToUpper(text);
    if (upper == "PUBLIC") return AccessLevel::kPublic;
    if (upper == "PRIVATE") return AccessLevel::kPrivate;
    if (upper == "RESTRICTED") return AccessLevel::kRestricted;
    if (upper == "DBA") return AccessLevel::kDba;
    throw SqlError{"Invalid ACCESS_LEVEL '" + std::string(text) +
                   "'. Supported values: PUBLIC, PRIVATE, RESTRICTED, DBA"};
}

}  // namespace kalam::devserver::sql
