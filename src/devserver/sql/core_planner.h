// One SELECT ... FROM ... WHERE ... GROUP BY ... HAVING, without what follows it. Called by select_planner.cc.
// Lives while its SELECT is planned, because ORDER BY is planned in its scope. Throws SqlError, complete.
#pragma once

#include <string>
#include <vector>

#include "devserver/sql/select_planner.h"

namespace kalam::devserver::sql {

class CorePlanner {
 public:
    CorePlanner(const SelectCore &core, SelectPlanner &planner, const Scope *outer);

    const std::string &sql() const { return sql_; }
    std::vector<arrow::Field> Columns() const;
    // " ORDER BY ...", or nothing. Output names and ordinals count first.
    std::string OrderBySql(const std::vector<OrderItem> &items);

    // The single user table this core reads row by row, or null: then no order of its own.
    const Relation *PlainTable() const;
    // The output column that is the table's key under its own name, or -1.
    int KeyOutput() const;
    std::string KeySql() const;  // the key's (or _seq's) column of PlainTable()

 private:
    struct Item {
        Typed typed;
        std::string name;
    };

    void PlanFrom();
    void AddUsing(const TableRef &ref, std::string &from);
    void PlanGroups();
    std::string GroupSql(const Expr &expr);
    const Expr *AliasedItem(const std::string &name) const;
    void PlanItems();
    void ExpandStar(const Expr &star);
    void PlanValues();
    void CheckGrouping() const;
    std::string Assemble();

    const SelectCore &core_;
    SelectPlanner &planner_;
    Scope scope_;
    ExprPlanner exprs_;
    std::vector<Item> items_;
    std::string from_, where_, groups_, having_, sql_;
    bool aggregated_ = false;
};

}  // namespace kalam::devserver::sql
