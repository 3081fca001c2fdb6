// See display_name.h.
#include "devserver/sql/display_name.h"

#include "devserver/values/value_text.h"

namespace kalam::devserver::sql {
namespace {

std::string DisplayLiteral(const Value &value) {
    if (value.is_null()) return "NULL";
    if (IsText(value.id())) return "Utf8(\"" + std::string(value.bytes()) + "\")";
    std::string text = ToText(value);
    if (IsFloat(value.id()) && text.ends_with(".0")) text.resize(text.size() - 2);
    return DisplayName(value.type()) + "(" + text + ")";
}

std::string DisplayColumn(const Expr &expr, const Scope &scope) {
    for (const Relation &relation : scope.relations)
        for (const arrow::Field &field : relation.columns) {
            if (field.name != expr.names.back()) continue;
            const std::string shown = relation.Shown();
            if (expr.names.size() > 1 && !relation.qualifier.empty() &&
                relation.qualifier.back() != expr.names[expr.names.size() - 2])
                continue;
            return shown.empty() ? field.name : shown + "." + field.name;
        }
    return expr.names.back();
}

std::string DisplayList(const std::vector<ExprPtr> &args, const Scope &scope, std::size_t from = 0,
                        const char *separator = ",") {
    std::string out;
    for (std::size_t i = from; i < args.size(); ++i)
        out += (i > from ? separator : "") + DisplayExpr(*args[i], scope);
    return out;
}

std::string DisplayCase(const Expr &expr, const Scope &scope) {
    std::string out = "CASE ";
    const std::size_t pairs_end = expr.args.size() - (expr.has_else ? 1 : 0);
    std::size_t at = 0;
    if (expr.has_operand) out += DisplayExpr(*expr.args[at++], scope) + " ";
    for (; at + 1 < pairs_end; at += 2)
        out += "WHEN " + DisplayExpr(*expr.args[at], scope) + " THEN " +
               DisplayExpr(*expr.args[at + 1], scope) + " ";
    if (expr.has_else) out += "ELSE " + DisplayExpr(*expr.args.back(), scope) + " ";
    return out + "END";
}

}  // namespace

std::string DisplayExpr(const Expr &expr, const Scope &scope) {
    const auto arg = [&](std::size_t i) { return DisplayExpr(*expr.args[i], scope); };
    const std::string negation = expr.negated ? "NOT " : "";
    switch (expr.kind) {
        case ExprKind::kLiteral:
            return DisplayLiteral(expr.literal);
        case ExprKind::kColumn:
            return DisplayColumn(expr, scope);
        case ExprKind::kStar:
            return "*";
        case ExprKind::kUnary:
            return expr.op == "NOT" ? "NOT " + arg(0) : "(" + expr.op + " " + arg(0) + ")";
        case ExprKind::kBinary:
            return arg(0) + " " + expr.op + " " + arg(1);
        case ExprKind::kIsNull:
            return arg(0) + " IS " + negation + "NULL";
        case ExprKind::kIsBoolean:
            return arg(0) + " IS " + negation + expr.op;
        case ExprKind::kBetween:
            return arg(0) + " " + negation + "BETWEEN " + arg(1) + " AND " + arg(2);
        case ExprKind::kInList:
            return arg(0) + " " + negation + "IN ([" + DisplayList(expr.args, scope, 1, ", ") + "])";
        case ExprKind::kInSelect:
            return arg(0) + " " + negation + "IN (<subquery>)";
        case ExprKind::kExists:
            return negation + "EXISTS (<subquery>)";
        case ExprKind::kScalarSelect:
            return "(<subquery>)";
        case ExprKind::kLike:
            return arg(0) + " " + negation + expr.op + " " + arg(1);
        case ExprKind::kCase:
            return DisplayCase(expr, scope);
        case ExprKind::kCast:
            return arg(0);
        case ExprKind::kFunction:
            return expr.op + "(" + (expr.distinct ? "DISTINCT " : "") + DisplayList(expr.args, scope) + ")";
        case ExprKind::kIntervalLiteral:
            return "IntervalMonthDayNano(...)";
    }
    return {};
}

}  // namespace kalam::devserver::sql
