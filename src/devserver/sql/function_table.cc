// See function_table.h.
#include "devserver/sql/function_table.h"

#include <array>

namespace kalam::devserver::sql {
namespace {

using A = ArgumentRule;
using R = ResultRule;

constexpr auto kFunctions = std::to_array<FunctionRow>({
    {"now", 0, 0, A::kAsIs, R::kTimestamp, "kalam_now()", false},
    {"current_timestamp", 0, 0, A::kAsIs, R::kTimestamp, "kalam_now()", false},
    {"current_date", 0, 0, A::kAsIs, R::kDate, "(kalam_now() / 86400000000)", false},
    {"today", 0, 0, A::kAsIs, R::kDate, "(kalam_now() / 86400000000)", false},
    {"snowflake_id", 0, 0, A::kAsIs, R::kInt64, "kalam_snowflake_id()"},
    {"uuid_v7", 0, 0, A::kAsIs, R::kUtf8, "kalam_uuid_v7()"},
    {"uuid", 0, 0, A::kAsIs, R::kUtf8, "kalam_uuid_v7()"},
    {"ulid", 0, 0, A::kAsIs, R::kUtf8, "kalam_ulid()"},
    {"current_user", 0, 0, A::kAsIs, R::kUtf8, "kalam_current_user()", false},
    {"current_role", 0, 0, A::kAsIs, R::kUtf8, "kalam_current_role()", false},
    {"version", 0, 0, A::kAsIs, R::kUtf8, "'Apache DataFusion 53.1.0'", false},
    {"random", 0, 0, A::kAsIs, R::kFloat64, "(abs(random() % 1000000007) / 1000000007.0)", false},
    {"pi", 0, 0, A::kAsIs, R::kFloat64, "pi()", false},

    {"upper", 1, 1, A::kText, R::kUtf8, "upper($1)"},
    {"lower", 1, 1, A::kText, R::kUtf8, "lower($1)"},
    {"length", 1, 1, A::kText, R::kInt32, "length($1)"},
    {"char_length", 1, 1, A::kText, R::kInt32, "length($1)"},
    {"character_length", 1, 1, A::kText, R::kInt32, "length($1)"},
    {"octet_length", 1, 1, A::kText, R::kInt32, "length(CAST($1 AS BLOB))"},
    {"trim", 1, 2, A::kText, R::kUtf8, "trim($*)"},
    {"btrim", 1, 2, A::kText, R::kUtf8, "trim($*)"},
    {"ltrim", 1, 2, A::kText, R::kUtf8, "ltrim($*)"},
    {"rtrim", 1, 2, A::kText, R::kUtf8, "rtrim($*)"},
    {"replace", 3, 3, A::kText, R::kUtf8, "replace($*)"},
    {"reverse", 1, 1, A::kText, R::kUtf8, "kalam_reverse($1)"},
    {"repeat", 2, 2, A::kAsIs, R::kUtf8, "kalam_repeat($*)"},
    {"concat", 1, 99, A::kText, R::kUtf8, "kalam_concat($*)", false},
    {"starts_with", 2, 2, A::kText, R::kBoolean, "(substr($1, 1, length($2)) = $2)"},
    {"ends_with", 2, 2, A::kText, R::kBoolean, "(substr($1, length($1) - length($2) + 1) = $2)"},
    {"contains", 2, 2, A::kText, R::kBoolean, "(instr($1, $2) > 0)"},
    {"strpos", 2, 2, A::kText, R::kInt32, "instr($*)"},
    {"instr", 2, 2, A::kText, R::kInt32, "instr($*)"},
    {"substr", 2, 3, A::kAsIs, R::kUtf8, "substr($*)"},
    {"substring", 2, 3, A::kAsIs, R::kUtf8, "substr($*)"},
    {"left", 2, 2, A::kAsIs, R::kUtf8, "substr($1, 1, $2)"},
    {"right", 2, 2, A::kAsIs, R::kUtf8, "substr($1, max(length($1) - $2 + 1, 1))"},
    {"ascii", 1, 1, A::kText, R::kInt32, "unicode($1)"},
    {"chr", 1, 1, A::kNumber, R::kUtf8, "char($1)"},

    {"abs", 1, 1, A::kNumber, R::kFirst, "abs($1)"},
    {"round", 1, 2, A::kNumber, R::kFloat64, "round($*)"},
    {"ceil", 1, 1, A::kNumber, R::kFloat64, "ceil($1)"},
    {"floor", 1, 1, A::kNumber, R::kFloat64, "floor($1)"},
    {"trunc", 1, 1, A::kNumber, R::kFloat64, "trunc($1)"},
    {"sqrt", 1, 1, A::kNumber, R::kFloat64, "sqrt($1)"},
    {"power", 2, 2, A::kNumber, R::kFloat64, "pow($*)"},
    {"pow", 2, 2, A::kNumber, R::kFloat64, "pow($*)"},
    {"exp", 1, 1, A::kNumber, R::kFloat64, "exp($1)"},
    {"ln", 1, 1, A::kNumber, R::kFloat64, "ln($1)"},
    {"log10", 1, 1, A::kNumber, R::kFloat64, "log10($1)"},
    {"signum", 1, 1, A::kNumber, R::kFloat64, "sign($1)"},

    {"coalesce", 1, 99, A::kCommon, R::kCommon, "coalesce($*)"},
    {"nvl", 2, 2, A::kCommon, R::kCommon, "coalesce($*)"},
    {"ifnull", 2, 2, A::kCommon, R::kCommon, "coalesce($*)"},
    {"nullif", 2, 2, A::kAsIs, R::kFirst, "nullif($*)"},
    {"greatest", 2, 99, A::kCommon, R::kCommon, "max($*)"},
    {"least", 2, 99, A::kCommon, R::kCommon, "min($*)"},

    {"date_part", 2, 2, A::kMicros, R::kInt32, "kalam_date_part($*)"},
    {"date_trunc", 2, 2, A::kMicros, R::kTimestamp, "kalam_date_trunc($*)"},
    {"to_timestamp", 1, 1, A::kMicros, R::kTimestamp, "$1"},

    {"json_get_str", 2, 2, A::kAsIs, R::kUtf8, "kalam_json_text($*)"},
    {"json_as_text", 2, 2, A::kAsIs, R::kUtf8, "kalam_json_text($*)"},
    {"json_get_int", 2, 2, A::kAsIs, R::kInt64, "CAST(kalam_json_text($*) AS INTEGER)"},
    {"json_get_float", 2, 2, A::kAsIs, R::kFloat64, "CAST(kalam_json_text($*) AS REAL)"},
    {"json_get_bool", 2, 2, A::kAsIs, R::kBoolean, "(kalam_json_text($*) = 'true')"},
    {"json_contains", 2, 2, A::kAsIs, R::kBoolean, "(kalam_json_text($*) IS NOT NULL)"},
});

}  // namespace

const FunctionRow *FindFunction(std::string_view name) {
    for (const FunctionRow &row : kFunctions)
        if (row.name == name) return &row;
    return nullptr;
}

}  // namespace kalam::devserver::sql
