// Conditions that DataFusion's simplifier finds to be true for every row: UPDATE and DELETE refuse them.
// Called by change_planner.cc. Pure.
#pragma once

#include "devserver/sql/query_ast.h"
#include "devserver/sql/scope.h"

namespace kalam::devserver::sql {

bool IsAlwaysTrue(const Expr &condition, const Scope &scope);

}  // namespace kalam::devserver::sql
