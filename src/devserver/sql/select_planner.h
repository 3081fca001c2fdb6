// Plans SELECTs, nested ones included: finds tables, hands cores to core_planner.cc, puts set operations, ORDER BY and
// LIMIT around them. Called by query.h's functions; one planner per statement. Throws SqlError, complete.
#pragma once

#include <string>
#include <vector>

#include "devserver/sql/expr_planner.h"
#include "devserver/sql/query.h"

namespace kalam::devserver::sql {

class SelectPlanner : public SubqueryPlanner {
 public:
    explicit SelectPlanner(SqlCatalog &catalog) : catalog_(catalog) {}

    // The outermost SELECT: default and greatest LIMIT, and the order KalamDB gives.
    Planned PlanTop(const SelectAst &select, const QueryLimits &limits);
    // The source of an INSERT: no rules.
    Planned PlanSource(const SelectAst &select) { return PlanNested(select, nullptr); }
    Planned PlanSubquery(const SelectAst &select, const Scope &outer) override {
        return PlanNested(select, &outer);
    }

    // A table of the catalog as a relation with a fresh SQLite alias; throws when there is none. `alias` may be empty.
    Relation TableRelation(const std::vector<std::string> &names, const std::string &alias,
                           std::string &from_sql);
    // The same for an element of FROM, which may also be a common table expression or a subquery.
    Relation FromRelation(const TableRef &ref, const Scope &scope, std::string &from_sql);

    const std::vector<TableName> &tables() const { return tables_; }

 private:
    Planned PlanNested(const SelectAst &select, const Scope *outer);
    Planned PlanSingle(const SelectAst &select, const Scope *outer, const QueryLimits *top);
    Planned PlanCompound(const SelectAst &select, const Scope *outer, const QueryLimits *top);
    std::string LimitSql(const SelectAst &select, const QueryLimits *top);
    Relation DerivedRelation(Planned planned, std::vector<std::string> qualifier, std::string &from_sql);
    std::string NextAlias() { return "t" + std::to_string(aliases_++); }

    SqlCatalog &catalog_;
    std::vector<TableName> tables_;
    std::vector<const SelectAst::Cte *> ctes_;  // visible ones, innermost last
    int aliases_ = 0;
};

// The name under which column i of every planned SELECT is known in SQLite.
std::string OutputName(std::size_t index);

}  // namespace kalam::devserver::sql
