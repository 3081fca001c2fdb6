// Finds columns and slots, and prints a table's options; see schema.h.
#include "devserver/store/schema.h"

#include <algorithm>

#include "common/snowflake.h"

namespace kalam::devserver {

namespace {

std::string UpperName(sql::TableKind kind) {
    std::string name = sql::LowerName(kind);
    for (char &c : name) c = static_cast<char>(c - 'a' + 'A');
    return name;
}

std::string FlushPolicyJson(const std::optional<sql::FlushPolicy> &policy) {
    if (!policy) return "null";
    const std::string rows = policy->rows ? std::to_string(*policy->rows) : "";
    const std::string seconds = policy->interval_seconds ? std::to_string(*policy->interval_seconds) : "";
    if (!rows.empty() && !seconds.empty()) {
        return R"({"type":"combined","row_limit":)" + rows + R"(,"interval_seconds":)" + seconds + "}";
    }
    if (!rows.empty()) return R"({"type":"row_limit","row_limit":)" + rows + "}";
    return R"({"type":"time_interval","interval_seconds":)" + seconds + "}";
}

}  // namespace

int TableDef::FindColumn(std::string_view column) const {
    for (size_t i = 0; i < columns.size(); ++i) {
        if (columns[i].name == column) return static_cast<int>(i);
    }
    return -1;
}

int TableDef::KeyColumn() const {
    for (size_t i = 0; i < columns.size(); ++i) {
        if (columns[i].key) return static_cast<int>(i);
    }
    return -1;
}

int64_t TableDef::NextColumnId() const {
    int64_t last = 0;
    for (const Column &column : columns) last = std::max(last, column.id);
    return last + 1;
}

int TableDef::SlotOf(const std::string &column) {
    const auto found = std::find(slots.begin(), slots.end(), column);
    if (found == slots.end()) {
        slots.push_back(column);
        return static_cast<int>(slots.size()) - 1;
    }
    return static_cast<int>(found - slots.begin());
}

int64_t TableDef::OldestSeq(int64_t now_ms) const {
    if (kind != sql::TableKind::kStream || ttl_seconds == 0) return 0;
    const int64_t oldest_ms = now_ms - static_cast<int64_t>(ttl_seconds) * 1000;
    if (oldest_ms <= common::kSnowflakeEpochMs) return 0;
    return (oldest_ms - common::kSnowflakeEpochMs) << 22;
}

arrow::Field FieldOf(const Column &column) {
    return arrow::TableField(column.name, column.type, column.not_null, column.key);
}

Column SeqColumn(int64_t id) {
    return {"_seq", KalamType{.kind = KalamKind::kBigInt}, true, false, kSeqSlot, id, {}};
}

Column DeletedColumn(int64_t id) {
    Column column{"_deleted", KalamType{.kind = KalamKind::kBoolean}, true, false, kDeletedSlot, id, {}};
    column.default_value.kind = sql::DefaultValue::Kind::kLiteral;
    column.default_value.literal = Value::Bool(false);
    column.default_value.catalog = "Bool(false)";
    return column;
}

std::string OptionsJson(const TableDef &def) {
    std::string json = R"({"table_type":")" + UpperName(def.kind) + '"';
    if (def.kind == sql::TableKind::kStream) {
        json += R"(,"ttl_seconds":)" + std::to_string(def.ttl_seconds) +
                R"(,"eviction_strategy":"time_based","max_stream_size_bytes":0)";
    } else {
        json += R"(,"storage_id":")" + def.storage_id + '"';
        if (def.kind == sql::TableKind::kUser) {
            json += std::string(R"(,"use_user_storage":)") + (def.use_user_storage ? "true" : "false");
        } else {
            json += std::string(R"(,"access_level":")") + sql::DebugName(def.access_level) + '"';
        }
        json += R"(,"flush_policy":)" + FlushPolicyJson(def.flush_policy);
    }
    return json + R"(,"compression":"snappy"})";
}

}  // namespace kalam::devserver
