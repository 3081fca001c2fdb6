// Short spellings for the columns and cells of made tables. Called by the files of system tables only.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "devserver/query/row_source.h"

namespace kalam::devserver::query {

enum class Null : bool { kNo, kYes };

inline arrow::Field TextField(const char *name, Null null = Null::kNo) {
    return arrow::TableField(name, {.kind = KalamKind::kText}, null == Null::kNo, false);
}
inline arrow::Field BigIntField(const char *name, Null null = Null::kNo) {
    return arrow::TableField(name, {.kind = KalamKind::kBigInt}, null == Null::kNo, false);
}
inline arrow::Field IntField(const char *name) {
    return arrow::TableField(name, {.kind = KalamKind::kInt}, true, false);
}
inline arrow::Field BoolField(const char *name) {
    return arrow::TableField(name, {.kind = KalamKind::kBoolean}, true, false);
}
inline arrow::Field JsonField(const char *name) {
    return arrow::TableField(name, {.kind = KalamKind::kJson}, false, false);
}
inline arrow::Field TimeField(const char *name, Null null = Null::kNo) {
    return arrow::TableField(name, {.kind = KalamKind::kTimestamp}, null == Null::kNo, false);
}
inline arrow::Field KeyField(const char *name) {
    return arrow::TableField(name, {.kind = KalamKind::kText}, true, true);
}

inline Value TextCell(std::string_view text) {
    return Value::Text(text);
}
inline Value OptionalCell(const std::optional<std::string> &text) {
    return text ? Value::Text(*text) : Value::Null(Plain(TypeId::kUtf8));
}
inline Value TextOrNull(std::string_view text) {
    return text.empty() ? Value::Null(Plain(TypeId::kUtf8)) : Value::Text(text);
}
inline Value IntCell(int64_t number) {
    return Value::Int(number);
}
inline Value SmallCell(int64_t number) {
    return Value::Int(number, Plain(TypeId::kInt32));
}
// Any number under a TIMESTAMP column; KalamDB stores some times as milliseconds there, which then read as 1970.
inline Value TimeCell(int64_t number) {
    return Value::Int(number, Plain(TypeId::kTimestampUs));
}
inline Value NoTime() {
    return Value::Null(Plain(TypeId::kTimestampUs));
}

}  // namespace kalam::devserver::query
