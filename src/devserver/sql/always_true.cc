// See always_true.h.
#include "devserver/sql/always_true.h"

#include <optional>

#include "devserver/sql/token.h"
#include "devserver/values/value_text.h"

namespace kalam::devserver::sql {
namespace {

using Known = std::optional<bool>;  // what the condition is for every row, if that can be told

bool SameColumn(const Expr &a, const Expr &b) {
    return a.kind == ExprKind::kColumn && b.kind == ExprKind::kColumn && a.names.back() == b.names.back();
}

bool CannotBeNull(const Expr &expr, const Scope &scope) {
    if (expr.kind == ExprKind::kLiteral) return !expr.literal.is_null();
    return expr.kind == ExprKind::kColumn && !scope.Find(expr.names).nullable;
}

Known CompareLiterals(const std::string &op, const Value &a, const Value &b) {
    if (a.is_null() || b.is_null()) return std::nullopt;
    const int order = Compare(a, b);
    if (op == "=") return order == 0;
    if (op == "<>") return order != 0;
    if (op == "<") return order < 0;
    if (op == "<=") return order <= 0;
    if (op == ">") return order > 0;
    if (op == ">=") return order >= 0;
    return std::nullopt;
}

Known Evaluate(const Expr &expr, const Scope &scope);

Known EvaluateBinary(const Expr &expr, const Scope &scope) {
    const Expr &left = *expr.args[0], &right = *expr.args[1];
    if (expr.op == "AND" || expr.op == "OR") {
        const bool deciding = expr.op == "OR";
        const Known a = Evaluate(left, scope), b = Evaluate(right, scope);
        if (a == Known(deciding) || b == Known(deciding)) return deciding;
        return a && b ? Known(!deciding) : std::nullopt;
    }
    if (left.kind == ExprKind::kLiteral && right.kind == ExprKind::kLiteral)
        return CompareLiterals(expr.op, left.literal, right.literal);
    if (!SameColumn(left, right) || !CannotBeNull(left, scope)) return std::nullopt;
    if (expr.op == "=" || expr.op == "<=" || expr.op == ">=") return true;
    return expr.op == "<>" || expr.op == "<" || expr.op == ">" ? Known(false) : std::nullopt;
}

Known Evaluate(const Expr &expr, const Scope &scope) {
    switch (expr.kind) {
        case ExprKind::kLiteral:
            return expr.literal.id() == TypeId::kBoolean && !expr.literal.is_null()
                       ? Known(expr.literal.as_bool())
                       : std::nullopt;
        case ExprKind::kUnary: {
            if (expr.op != "NOT") return std::nullopt;
            const Known inner = Evaluate(*expr.args[0], scope);
            return inner ? Known(!*inner) : std::nullopt;
        }
        case ExprKind::kIsNull:
            return CannotBeNull(*expr.args[0], scope) ? Known(expr.negated) : std::nullopt;
        case ExprKind::kBinary:
            return EvaluateBinary(expr, scope);
        default:
            return std::nullopt;
    }
}

}  // namespace

bool IsAlwaysTrue(const Expr &condition, const Scope &scope) {
    return Evaluate(condition, scope) == Known(true);
}

}  // namespace kalam::devserver::sql
