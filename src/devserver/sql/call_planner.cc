// See call_planner.h.
#include "devserver/sql/call_planner.h"

#include <algorithm>
#include <array>

#include "devserver/sql/comparison.h"
#include "devserver/sql/token.h"

namespace kalam::devserver::sql {
namespace {

constexpr auto kAggregates = std::to_array<std::string_view>(
    {"count", "sum", "avg", "mean", "min", "max", "string_agg", "bool_and", "bool_or"});
constexpr auto kRankings = std::to_array<std::string_view>({"row_number", "rank", "dense_rank"});
constexpr auto kOffsets = std::to_array<std::string_view>({"lag", "lead", "first_value", "last_value"});

template <std::size_t kSize>
bool Among(const std::array<std::string_view, kSize> &names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

[[noreturn]] void FailFunction(const std::string &name) {
    throw SqlError{"Execution error: Error during planning: Invalid function '" + name + "'."};
}

[[noreturn]] void FailArguments(const std::string &name, std::size_t count) {
    throw SqlError{
        "Execution error: Error during planning: Failed to coerce arguments to satisfy a call to '" + name +
        "' function: it does not take " + std::to_string(count) + " argument(s)"};
}

DataType SumType(const DataType &type) {
    if (type.id == TypeId::kDecimal128) return DecimalType(std::min(38, type.precision + 10), type.scale);
    if (IsFloat(type.id)) return Plain(TypeId::kFloat64);
    const bool is_unsigned = type.id >= TypeId::kUInt8 && type.id <= TypeId::kUInt64;
    return Plain(is_unsigned ? TypeId::kUInt64 : TypeId::kInt64);
}

DataType AverageType(const DataType &type) {
    if (type.id != TypeId::kDecimal128) return Plain(TypeId::kFloat64);
    return DecimalType(std::min(38, type.precision + 4), std::min(38, type.scale + 4));
}

std::string SqliteAggregate(const std::string &name) {
    if (name == "mean") return "avg";
    if (name == "string_agg") return "group_concat";
    if (name == "bool_and") return "min";
    return name == "bool_or" ? "max" : name;
}

DataType AggregateType(const std::string &name, const std::vector<Typed> &args) {
    if (name == "count") return Plain(TypeId::kInt64);
    if (name == "sum") return SumType(args[0].type);
    if (name == "avg" || name == "mean") return AverageType(args[0].type);
    return name == "string_agg" ? Plain(TypeId::kUtf8) : args[0].type;
}

void CheckAggregate(const Expr &call, const std::vector<Typed> &args) {
    const std::size_t most = call.op == "string_agg" ? 2 : 1;
    const bool star = call.op == "count" && call.args.size() == 1 && call.args[0]->kind == ExprKind::kStar;
    if (!star && (args.empty() || args.size() > most)) FailArguments(call.op, args.size());
    const bool numeric = call.op == "sum" || call.op == "avg" || call.op == "mean";
    if (!numeric || IsNumeric(args[0].type.id) || args[0].type.id == TypeId::kNull) return;
    throw SqlError{"Execution error: type_coercion\ncaused by\nError during planning: The function \"" +
                   call.op + "\" does not support inputs of type " + DisplayName(args[0].type) + "."};
}

std::string Replace(std::string_view pattern, const std::vector<std::string> &args) {
    std::string out;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        if (pattern[i] != '$') {
            out += pattern[i];
        } else if (pattern[++i] == '*') {
            for (std::size_t j = 0; j < args.size(); ++j) out += (j > 0 ? ", " : "") + args[j];
        } else {
            out += args[static_cast<std::size_t>(pattern[i] - '1')];
        }
    }
    return out;
}

DataType ResultType(ResultRule rule, const std::vector<Typed> &args) {
    switch (rule) {
        case ResultRule::kUtf8:
            return Plain(TypeId::kUtf8);
        case ResultRule::kInt32:
            return Plain(TypeId::kInt32);
        case ResultRule::kInt64:
            return Plain(TypeId::kInt64);
        case ResultRule::kFloat64:
            return Plain(TypeId::kFloat64);
        case ResultRule::kBoolean:
            return Plain(TypeId::kBoolean);
        case ResultRule::kDate:
            return Plain(TypeId::kDate32);
        case ResultRule::kTimestamp:
            return Plain(TypeId::kTimestampUs);
        case ResultRule::kFirst:
            return args[0].type;
        case ResultRule::kCommon:
            break;
    }
    DataType type;
    for (const Typed &arg : args) type = CommonType(type, arg.type);
    return type;
}

// A date, timestamp, number of seconds or text as microseconds.
std::string MicrosSql(const Typed &arg) {
    const DataType micros = Plain(TypeId::kTimestampUs);
    if (IsInteger(arg.type.id) || IsFloat(arg.type.id)) return "CAST(" + arg.sql + " * 1000000 AS INTEGER)";
    return CastTyped(arg, micros, false).sql;
}

}  // namespace

bool IsAggregate(std::string_view function) {
    return Among(kAggregates, function);
}

bool HasAggregate(const Expr &expr) {
    if (expr.kind == ExprKind::kFunction && expr.window == nullptr && IsAggregate(expr.op)) return true;
    return std::any_of(expr.args.begin(), expr.args.end(),
                       [](const ExprPtr &arg) { return HasAggregate(*arg); });
}

Typed CallPlanner::Plan(const Expr &call) {
    if (call.window != nullptr) return PlanWindow(call);
    if (IsAggregate(call.op)) return PlanAggregate(call);
    const FunctionRow *function = FindFunction(call.op);
    if (function == nullptr || call.distinct || call.filter != nullptr) FailFunction(call.op);
    return PlanScalar(call, *function);
}

Typed CallPlanner::PlanAggregate(const Expr &call) {
    if (planner_.aggregate_depth_ > 0)
        throw SqlError{"Execution error: Error during planning: Aggregate functions cannot be nested"};
    ++planner_.aggregate_depth_;
    std::vector<Typed> args;
    std::string list;
    for (const ExprPtr &arg : call.args) {
        const bool star = arg->kind == ExprKind::kStar;
        if (!star) args.push_back(planner_.Plan(*arg));
        list += (list.empty() ? "" : ", ") + (star ? "*" : SortSql(args.back().sql, args.back().type));
    }
    CheckAggregate(call, args);
    std::string sql = SqliteAggregate(call.op) + "(" + (call.distinct ? "DISTINCT " : "") + list + ")";
    if (call.filter != nullptr) sql += " FILTER (WHERE " + planner_.PlanCondition(*call.filter) + ")";
    --planner_.aggregate_depth_;
    return Typed{.sql = std::move(sql), .type = AggregateType(call.op, args), .nullable = call.op != "count"};
}

Typed CallPlanner::PlanWindow(const Expr &call) {
    Typed result;
    if (Among(kRankings, call.op)) {
        result = Typed{.sql = call.op + "()", .type = Plain(TypeId::kUInt64), .nullable = false};
    } else if (Among(kOffsets, call.op)) {
        std::string list;
        for (const ExprPtr &arg : call.args) {
            const Typed planned = planner_.Plan(*arg);
            if (list.empty()) result.type = planned.type;
            list += (list.empty() ? "" : ", ") + planned.sql;
        }
        if (list.empty()) FailArguments(call.op, 0);
        result.sql = call.op + "(" + list + ")";
    } else if (IsAggregate(call.op)) {
        result = PlanAggregate(call);
    } else {
        FailFunction(call.op);
    }
    std::string window;
    for (const ExprPtr &key : call.window->partition_by)
        window += (window.empty() ? "PARTITION BY " : ", ") + planner_.Plan(*key).sql;
    if (!call.window->order_by.empty())
        window += (window.empty() ? "ORDER BY " : " ORDER BY ") + planner_.PlanOrder(call.window->order_by);
    result.sql += " OVER (" + window + ")";
    return result;
}

std::vector<std::string> CallPlanner::PrepareArguments(const FunctionRow &function,
                                                       const std::vector<Typed> &args) {
    std::vector<std::string> out;
    const DataType common = ResultType(ResultRule::kCommon, args);
    for (const Typed &arg : args) {
        switch (function.arguments) {
            case ArgumentRule::kAsIs:
                out.push_back(arg.sql);
                break;
            case ArgumentRule::kText:
                out.push_back(TextSql(arg));
                break;
            case ArgumentRule::kNumber:
                out.push_back(NumericSql(arg));
                break;
            case ArgumentRule::kMicros:  // the first of two is the field's name
                out.push_back(args.size() == 2 && out.empty() ? arg.sql : MicrosSql(arg));
                break;
            case ArgumentRule::kCommon:
                out.push_back(arg.type.id == TypeId::kNull || common.id == arg.type.id || IsNumeric(common.id)
                                  ? arg.sql
                                  : CastTyped(arg, common, false).sql);
                break;
        }
    }
    return out;
}

Typed CallPlanner::PlanScalar(const Expr &call, const FunctionRow &function) {
    std::vector<Typed> args;
    for (const ExprPtr &arg : call.args) args.push_back(planner_.Plan(*arg));
    const int count = static_cast<int>(args.size());
    if (count < function.least || count > function.most) FailArguments(call.op, args.size());
    const bool common = function.result == ResultRule::kCommon;
    const bool all_nullable =
        std::all_of(args.begin(), args.end(), [](const Typed &arg) { return arg.nullable; });
    return Typed{.sql = Replace(function.sqlite, PrepareArguments(function, args)),
                 .type = ResultType(function.result, args),
                 .nullable = common ? all_nullable : function.nullable};
}

}  // namespace kalam::devserver::sql
