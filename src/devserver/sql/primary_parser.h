// The innermost parts of expressions: literals, names, calls, CASE, CAST. Called by expr_parser.cc.
// Throws SqlError with sqlparser's text.
#pragma once

#include "devserver/sql/query_parser.h"

namespace kalam::devserver::sql {

ExprPtr ParsePrimary(Cursor &cursor);

// An operand of the right side of BETWEEN and IN: an expression without comparisons and logic.
ExprPtr ParseOperand(Cursor &cursor);

ExprPtr MakeExpr(ExprKind kind, std::string op = {});
ExprPtr MakeLiteral(Value value);
ExprPtr MakeNumber(const std::string &text);
ExprPtr ParseCastTarget(Cursor &cursor, ExprPtr value, bool lenient);  // the type behind :: or AS

}  // namespace kalam::devserver::sql
