// What DataFusion calls a result column that has no alias: "count(*)", "Int64(1)", "ns.t.id + Int64(1)".
// Called by core_planner.cc. Pure.
#pragma once

#include <string>

#include "devserver/sql/query_ast.h"
#include "devserver/sql/scope.h"

namespace kalam::devserver::sql {

std::string DisplayExpr(const Expr &expr, const Scope &scope);

}  // namespace kalam::devserver::sql
