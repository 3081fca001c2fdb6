// Expressions, SELECT and DML. Called by parser.cc and by each other. No state beyond the cursor.
// Throws SqlError with sqlparser's text.
#pragma once

#include "devserver/sql/cursor.h"
#include "devserver/sql/query_ast.h"

namespace kalam::devserver::sql {

ExprPtr ParseExpr(Cursor &cursor);
std::vector<ExprPtr> ParseExprList(Cursor &cursor);
std::vector<OrderItem> ParseOrderBy(Cursor &cursor);  // behind ORDER BY
std::vector<std::string> ParseQualifiedName(Cursor &cursor);

SelectPtr ParseSelect(Cursor &cursor);  // SELECT, WITH, VALUES or a parenthesised query
bool StartsSelect(const Cursor &cursor);

InsertAst ParseInsert(Cursor &cursor);  // behind INSERT
UpdateAst ParseUpdate(Cursor &cursor);  // behind UPDATE
DeleteAst ParseDelete(Cursor &cursor);  // behind DELETE

}  // namespace kalam::devserver::sql
