// See expr_planner.h; calls are in call_planner.cc.
#include "devserver/sql/expr_planner.h"

#include "devserver/sql/call_planner.h"
#include "devserver/sql/comparison.h"
#include "devserver/sql/token.h"

namespace kalam::devserver::sql {
namespace {

Typed Boolean(std::string sql, bool nullable) {
    return Typed{.sql = std::move(sql), .type = Plain(TypeId::kBoolean), .nullable = nullable};
}

std::string Negation(const Expr &expr) {
    return expr.negated ? "NOT " : "";
}

bool IsBooleanType(const Typed &value) {
    return value.type.id == TypeId::kBoolean || value.type.id == TypeId::kNull;
}

}  // namespace

void ExprPlanner::SetGroups(std::set<std::string> group_texts) {
    grouping_ = true;
    groups_ = std::move(group_texts);
}

// An expression that is itself grouped by makes good what its columns would be blamed for.
void ExprPlanner::NoteOutside(const Typed &result, const Expr &expr, std::size_t before) {
    if (!grouping_ || aggregate_depth_ > 0) return;
    if (groups_.contains(result.sql)) {
        ungrouped_.resize(before);
    } else if (expr.kind == ExprKind::kColumn) {
        ungrouped_.push_back(expr.names.back());
    }
}

Typed ExprPlanner::Plan(const Expr &expr) {
    const std::size_t before = ungrouped_.size();
    Typed result = PlanAny(expr);
    NoteOutside(result, expr, before);
    return result;
}

std::string ExprPlanner::PlanCondition(const Expr &expr) {
    const Typed condition = Plan(expr);
    if (IsBooleanType(condition)) return condition.sql;
    throw SqlError{
        "Execution error: Error during planning: Cannot create filter with non-boolean predicate returning " +
        DisplayName(condition.type)};
}

std::string ExprPlanner::PlanOrder(const std::vector<OrderItem> &items) {
    std::string out;
    for (const OrderItem &item : items) {
        const Typed key = Plan(*item.expr);
        out += (out.empty() ? "" : ", ") + SortSql(key.sql, key.type) + (item.descending ? " DESC" : " ASC") +
               (item.nulls_first.value_or(item.descending) ? " NULLS FIRST" : " NULLS LAST");
    }
    return out;
}

Typed ExprPlanner::PlanAny(const Expr &expr) {
    switch (expr.kind) {
        case ExprKind::kLiteral:
            return Constant(expr.literal);
        case ExprKind::kColumn:
            return scope_.Find(expr.names);
        case ExprKind::kStar:
            throw SqlError{"Execution error: Error during planning: Wildcard is not allowed here"};
        case ExprKind::kUnary:
            return PlanUnary(expr);
        case ExprKind::kBinary:
            return PlanBinary(expr);
        case ExprKind::kIsNull:
            return PlanIsNull(expr);
        case ExprKind::kIsBoolean:
            return PlanIsBoolean(expr);
        case ExprKind::kBetween:
            return PlanBetween(expr);
        case ExprKind::kInList:
            return PlanInList(expr);
        case ExprKind::kInSelect:
            return PlanInSelect(expr);
        case ExprKind::kExists:
            return PlanExists(expr);
        case ExprKind::kScalarSelect:
            return PlanScalarSelect(expr);
        case ExprKind::kLike:
            return PlanLike(expr);
        case ExprKind::kCase:
            return PlanCase(expr);
        case ExprKind::kCast:
            return CastTyped(Plan(*expr.args[0]), ArrowType(expr.type), expr.op == "TRY");
        case ExprKind::kFunction:
            return CallPlanner(*this).Plan(expr);
        case ExprKind::kIntervalLiteral:
            return Typed{.sql = std::to_string(expr.literal.as_int()),
                         .type = Plain(TypeId::kInt64),
                         .nullable = false,
                         .interval_micros = expr.literal.as_int(),
                         .is_interval = true};
    }
    throw SqlError{"Execution error: This feature is not implemented: expression"};
}

Typed ExprPlanner::PlanUnary(const Expr &expr) {
    const Typed operand = Plan(*expr.args[0]);
    if (expr.op == "NOT") return Boolean("(NOT " + operand.sql + ")", operand.nullable);
    const DataType type = operand.type.id == TypeId::kNull ? Plain(TypeId::kInt64) : operand.type;
    return Typed{
        .sql = "(" + expr.op + NumericSql(operand) + ")", .type = type, .nullable = operand.nullable};
}

Typed ExprPlanner::PlanBinary(const Expr &expr) {
    if (expr.op == "->" || expr.op == "->>") return PlanJson(expr);
    const Typed left = Plan(*expr.args[0]), right = Plan(*expr.args[1]);
    const bool nullable = left.nullable || right.nullable;
    if (expr.op == "AND" || expr.op == "OR")
        return Boolean("(" + left.sql + " " + expr.op + " " + right.sql + ")", nullable);
    if (expr.op == "||")
        return Typed{.sql = "(" + TextSql(left) + " || " + TextSql(right) + ")",
                     .type = Plain(TypeId::kUtf8),
                     .nullable = nullable};
    const bool arithmetic =
        expr.op == "+" || expr.op == "-" || expr.op == "*" || expr.op == "/" || expr.op == "%";
    return arithmetic ? PlanArithmetic(expr.op, left, right) : PlanComparison(expr.op, left, right);
}

Typed ExprPlanner::PlanJson(const Expr &expr) {
    const Typed document = Plan(*expr.args[0]), key = Plan(*expr.args[1]);
    const char *function = expr.op == "->>" ? "kalam_json_text(" : "kalam_json_get(";
    return Typed{.sql = function + document.sql + ", " + key.sql + ")", .type = Plain(TypeId::kUtf8)};
}

Typed ExprPlanner::PlanIsNull(const Expr &expr) {
    return Boolean("(" + Plan(*expr.args[0]).sql + " IS " + Negation(expr) + "NULL)", false);
}

Typed ExprPlanner::PlanIsBoolean(const Expr &expr) {
    const std::string value = expr.op == "UNKNOWN" ? "NULL" : (expr.op == "TRUE" ? "1" : "0");
    return Boolean("(" + Plan(*expr.args[0]).sql + " IS " + Negation(expr) + value + ")", false);
}

Typed ExprPlanner::PlanBetween(const Expr &expr) {
    const Typed value = Plan(*expr.args[0]), low = Plan(*expr.args[1]), high = Plan(*expr.args[2]);
    const Comparable lower = MakeComparable(value, low, ">="), upper = MakeComparable(value, high, "<=");
    return Boolean("(" + Negation(expr) + "(" + lower.left + " >= " + lower.right + " AND " + upper.left +
                       " <= " + upper.right + "))",
                   value.nullable || low.nullable || high.nullable);
}

Typed ExprPlanner::PlanInList(const Expr &expr) {
    const Typed value = Plan(*expr.args[0]);
    bool nullable = value.nullable, plain = true;
    std::string list, chain;
    for (std::size_t i = 1; i < expr.args.size(); ++i) {
        const Typed element = Plan(*expr.args[i]);
        const Comparable pair = MakeComparable(value, element, "=");
        nullable = nullable || element.nullable;
        plain = plain && pair.left == value.sql;
        list += (i > 1 ? ", " : "") + pair.right;
        chain += (i > 1 ? " OR " : "") + pair.left + " = " + pair.right;
    }
    if (plain) return Boolean("(" + value.sql + " " + Negation(expr) + "IN (" + list + "))", nullable);
    return Boolean("(" + Negation(expr) + "(" + chain + "))", nullable);
}

Typed ExprPlanner::PlanInSelect(const Expr &expr) {
    const Typed value = Plan(*expr.args[0]);
    const auto planned = subqueries_.PlanSubquery(*expr.select, scope_);
    if (planned.columns.size() != 1)
        throw SqlError{
            "Execution error: Error during planning: Too many columns! The subquery should only return one "
            "column"};
    return Boolean("(" + value.sql + " " + Negation(expr) + "IN (" + planned.sql + "))", true);
}

Typed ExprPlanner::PlanExists(const Expr &expr) {
    return Boolean(
        "(" + Negation(expr) + "EXISTS (" + subqueries_.PlanSubquery(*expr.select, scope_).sql + "))", false);
}

Typed ExprPlanner::PlanScalarSelect(const Expr &expr) {
    const auto planned = subqueries_.PlanSubquery(*expr.select, scope_);
    if (planned.columns.size() != 1)
        throw SqlError{
            "Execution error: Error during planning: Too many columns! The subquery should only return one "
            "column"};
    return Typed{.sql = "(" + planned.sql + ")", .type = planned.columns[0].type};
}

Typed ExprPlanner::PlanLike(const Expr &expr) {
    const Typed value = Plan(*expr.args[0]), pattern = Plan(*expr.args[1]);
    std::string call =
        (expr.op == "ILIKE" ? "kalam_ilike(" : "kalam_like(") + TextSql(value) + ", " + TextSql(pattern);
    if (expr.args.size() > 2) call += ", " + Plan(*expr.args[2]).sql;
    return Boolean("(" + Negation(expr) + call + "))", value.nullable || pattern.nullable);
}

Typed ExprPlanner::PlanCase(const Expr &expr) {
    const std::size_t first = expr.has_operand ? 1 : 0;
    const std::size_t pairs_end = expr.args.size() - (expr.has_else ? 1 : 0);
    const Typed operand = expr.has_operand ? Plan(*expr.args[0]) : Typed{};
    std::string out = "CASE";
    Typed result{.nullable = !expr.has_else};
    const auto branch = [&](const Expr &value) {
        const Typed planned = Plan(value);
        result.type = CommonType(result.type, planned.type);
        result.nullable = result.nullable || planned.nullable;
        return planned.sql;
    };
    for (std::size_t i = first; i + 1 < pairs_end; i += 2) {
        const std::string when = expr.has_operand ? PlanComparison("=", operand, Plan(*expr.args[i])).sql
                                                  : PlanCondition(*expr.args[i]);
        out += " WHEN " + when + " THEN " + branch(*expr.args[i + 1]);
    }
    if (expr.has_else) out += " ELSE " + branch(*expr.args.back());
    result.sql = "(" + out + " END)";
    return result;
}

}  // namespace kalam::devserver::sql
