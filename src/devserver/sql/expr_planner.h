// Turns expressions into SQLite text with a type. Called by core_planner.cc, select_planner.cc and change_planner.cc.
// One planner serves one SELECT core; it lives as long as that core's planning. Throws SqlError, complete.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "devserver/sql/query_ast.h"
#include "devserver/sql/scope.h"

namespace kalam::devserver::sql {

// Plans the SELECTs inside expressions; the select planner implements it.
class SubqueryPlanner {
 public:
    struct Planned {
        std::string sql;  // without parentheses
        std::vector<arrow::Field> columns;
    };
    virtual ~SubqueryPlanner() = default;
    virtual Planned PlanSubquery(const SelectAst &select, const Scope &outer) = 0;
};

class ExprPlanner {
 public:
    ExprPlanner(const Scope &scope, SubqueryPlanner &subqueries) : scope_(scope), subqueries_(subqueries) {}

    Typed Plan(const Expr &expr);
    // A condition: must be boolean. Returns its text.
    std::string PlanCondition(const Expr &expr);
    std::string PlanOrder(const std::vector<OrderItem> &items);  // "a ASC NULLS LAST, ..."

    // From here on, columns outside aggregates that no group expression covers are remembered (Ungrouped).
    void SetGroups(std::set<std::string> group_texts);
    const std::vector<std::string> &Ungrouped() const { return ungrouped_; }
    void NoteOutside(const Typed &result, const Expr &expr, std::size_t before);

    const Scope &scope() const { return scope_; }

 private:
    friend class CallPlanner;

    Typed PlanAny(const Expr &expr);
    Typed PlanUnary(const Expr &expr);
    Typed PlanBinary(const Expr &expr);
    Typed PlanJson(const Expr &expr);
    Typed PlanIsNull(const Expr &expr);
    Typed PlanIsBoolean(const Expr &expr);
    Typed PlanBetween(const Expr &expr);
    Typed PlanInList(const Expr &expr);
    Typed PlanInSelect(const Expr &expr);
    Typed PlanExists(const Expr &expr);
    Typed PlanScalarSelect(const Expr &expr);
    Typed PlanLike(const Expr &expr);
    Typed PlanCase(const Expr &expr);

    const Scope &scope_;
    SubqueryPlanner &subqueries_;
    bool grouping_ = false;
    int aggregate_depth_ = 0;
    std::set<std::string> groups_;
    std::vector<std::string> ungrouped_;
};

bool IsAggregate(std::string_view function);
// Does the expression call an aggregate outside of subqueries and windows?
bool HasAggregate(const Expr &expr);

}  // namespace kalam::devserver::sql
