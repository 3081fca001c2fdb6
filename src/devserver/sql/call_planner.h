// Calls: aggregates, windows, scalar functions. Called by expr_planner.cc. Throws SqlError, complete.
#pragma once

#include "devserver/sql/expr_planner.h"
#include "devserver/sql/function_table.h"

namespace kalam::devserver::sql {

class CallPlanner {
 public:
    explicit CallPlanner(ExprPlanner &planner) : planner_(planner) {}
    Typed Plan(const Expr &call);

 private:
    Typed PlanAggregate(const Expr &call);
    Typed PlanWindow(const Expr &call);
    Typed PlanScalar(const Expr &call, const FunctionRow &function);
    std::vector<std::string> PrepareArguments(const FunctionRow &function, const std::vector<Typed> &args);

    ExprPlanner &planner_;
};

}  // namespace kalam::devserver::sql
