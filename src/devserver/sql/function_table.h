// The scalar functions users may call, with their SQLite spelling and result type. A table; read by call_planner.cc.
#pragma once

#include <cstdint>
#include <string_view>

namespace kalam::devserver::sql {

enum class ResultRule : std::uint8_t {
    kUtf8,
    kInt32,
    kInt64,
    kFloat64,
    kBoolean,
    kDate,
    kTimestamp,
    kFirst,   // the first argument's type
    kCommon,  // the type that holds all arguments
};

// How arguments are handed over.
enum class ArgumentRule : std::uint8_t { kAsIs, kText, kNumber, kMicros, kCommon };

struct FunctionRow {
    std::string_view name;
    int least = 0;
    int most = 0;  // 99: any number
    ArgumentRule arguments = ArgumentRule::kAsIs;
    ResultRule result = ResultRule::kUtf8;
    std::string_view sqlite;  // the call; $1, $2 are arguments, $* all of them
    bool nullable = true;
};

// Null when there is no such function. `name` is in lower case.
const FunctionRow *FindFunction(std::string_view name);

}  // namespace kalam::devserver::sql
