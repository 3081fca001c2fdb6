// An expression as the planner knows it: SQLite text, type, nullability.
// Called by the planner's files only. Values.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "devserver/arrow/ipc_writer.h"
#include "devserver/values/result.h"
#include "devserver/values/value.h"

namespace kalam::devserver::sql {

struct Typed {
    std::string sql = {};
    DataType type = {};
    bool nullable = true;
    const arrow::Field *column = nullptr;  // a bare column: its field, whose metadata the answer repeats
    std::optional<Value> constant = std::nullopt;
    std::int64_t interval_micros = 0;  // an INTERVAL literal, when is_interval
    bool is_interval = false;
};

std::string QuoteName(std::string_view name);  // "name"
std::string QuoteText(std::string_view text);  // 'text', or a cast blob when it holds a NUL

// A constant in SQLite's representation of its type.
Typed Constant(const Value &value);

// A type as an argument of kalam_cast, and back.
std::string EncodeType(const DataType &type);
DataType DecodeType(std::string_view text);

// CAST: constants are folded (a failure is the text of the statement), the rest calls kalam_cast.
Typed CastTyped(const Typed &value, const DataType &type, bool lenient);

// The value as a number SQLite computes with (decimals become REAL), or as text (numbers and times print).
std::string NumericSql(const Typed &value);
std::string TextSql(const Typed &value);

}  // namespace kalam::devserver::sql
