// See select_planner.h.
#include "devserver/sql/select_planner.h"

#include "devserver/sql/comparison.h"
#include "devserver/sql/core_planner.h"
#include "devserver/sql/token.h"

namespace kalam::devserver::sql {
namespace {

constexpr char kCatalog[] = "kalam";
constexpr char kDefaultNamespace[] = "default";

std::vector<std::string> FullName(const std::vector<std::string> &names) {
    if (names.size() == 1) return {kCatalog, kDefaultNamespace, names[0]};
    if (names.size() == 2) return {kCatalog, names[0], names[1]};
    if (names.size() == 3) return names;
    throw SqlError{"Execution error: SQL error: ParserError(\"Unsupported compound identifier\")"};
}

}  // namespace

std::string OutputName(std::size_t index) {
    return "\"kalam_c" + std::to_string(index) + "\"";
}

SubqueryPlanner::Planned SelectPlanner::PlanTop(const SelectAst &select, const QueryLimits &limits) {
    for (const auto &cte : select.with) ctes_.push_back(&cte);
    return select.cores.size() == 1 && select.cores[0].nested == nullptr
               ? PlanSingle(select, nullptr, &limits)
               : PlanCompound(select, nullptr, &limits);
}

SubqueryPlanner::Planned SelectPlanner::PlanNested(const SelectAst &select, const Scope *outer) {
    const std::size_t visible = ctes_.size();
    for (const auto &cte : select.with) ctes_.push_back(&cte);
    Planned planned = select.cores.size() == 1 && select.cores[0].nested == nullptr
                          ? PlanSingle(select, outer, nullptr)
                          : PlanCompound(select, outer, nullptr);
    ctes_.resize(visible);
    return planned;
}

SubqueryPlanner::Planned SelectPlanner::PlanSingle(const SelectAst &select, const Scope *outer,
                                                   const QueryLimits *top) {
    CorePlanner core(select.cores[0], *this, outer);
    Planned planned{core.sql(), core.Columns()};
    std::string order = core.OrderBySql(select.order_by);
    const bool ordered = !order.empty();
    if (top != nullptr && !ordered && core.PlainTable() != nullptr) order = " ORDER BY " + core.KeySql();
    planned.sql += order + LimitSql(select, top);
    // KalamDB sorts what ORDER BY ... LIMIT left by the key once more, if the key is there to sort by.
    const int key = core.KeyOutput();
    if (top == nullptr || !ordered || select.limit == nullptr || key < 0) return planned;
    const std::string name = OutputName(static_cast<std::size_t>(key));
    planned.sql = "SELECT * FROM (" + planned.sql + ") ORDER BY " +
                  SortSql(name, planned.columns[static_cast<std::size_t>(key)].type);
    return planned;
}

SubqueryPlanner::Planned SelectPlanner::PlanCompound(const SelectAst &select, const Scope *outer,
                                                     const QueryLimits *top) {
    Planned planned;
    for (std::size_t i = 0; i < select.cores.size(); ++i) {
        const SelectCore &core = select.cores[i];
        Planned part;
        if (core.nested != nullptr) {
            part = PlanNested(*core.nested, outer);
            part.sql = "SELECT * FROM (" + part.sql + ")";
        } else {
            const CorePlanner planner(core, *this, outer);
            part = {planner.sql(), planner.Columns()};
        }
        if (i == 0) {
            planned = std::move(part);
            continue;
        }
        if (part.columns.size() != planned.columns.size())
            throw SqlError{
                "Execution error: Error during planning: UNION queries have different number of columns"};
        planned.sql += " " + select.set_operators[i - 1] + " " + part.sql;
        for (std::size_t c = 0; c < part.columns.size(); ++c) {
            planned.columns[c].type = CommonType(planned.columns[c].type, part.columns[c].type);
            planned.columns[c].nullable = planned.columns[c].nullable || part.columns[c].nullable;
        }
    }
    // Outside, so that ORDER BY sees plain names whatever the parts are.
    std::string from;
    Scope scope;
    scope.outer = outer;
    const std::vector<arrow::Field> columns = planned.columns;
    scope.relations.push_back(DerivedRelation(std::move(planned), {}, from));
    std::string list;
    for (std::size_t i = 0; i < columns.size(); ++i) list += (i > 0 ? ", " : "") + OutputName(i);
    std::string sql = "SELECT " + list + " FROM " + from;
    ExprPlanner exprs(scope, *this);
    std::string order;
    if (!select.order_by.empty()) order = " ORDER BY " + exprs.PlanOrder(select.order_by);
    return {sql + order + LimitSql(select, top), columns};
}

std::string SelectPlanner::LimitSql(const SelectAst &select, const QueryLimits *top) {
    const Scope nothing;
    ExprPlanner exprs(nothing, *this);
    std::string limit, offset;
    if (select.limit != nullptr) {
        const Typed planned = exprs.Plan(*select.limit);
        const bool none = planned.constant && planned.constant->is_null();
        if (!none) limit = "max(0, CAST(" + planned.sql + " AS INTEGER))";
    }
    if (select.offset != nullptr) offset = " OFFSET CAST(" + exprs.Plan(*select.offset).sql + " AS INTEGER)";
    if (top != nullptr) {
        limit = limit.empty() ? std::to_string(top->default_limit)
                              : "min(" + std::to_string(top->max_limit) + ", " + limit + ")";
    }
    if (limit.empty() && offset.empty()) return {};
    return " LIMIT " + (limit.empty() ? "-1" : limit) + offset;
}

Relation SelectPlanner::TableRelation(const std::vector<std::string> &names, const std::string &alias,
                                      std::string &from_sql) {
    const std::vector<std::string> full = FullName(names);
    const SourceTable *table = full[0] == kCatalog ? catalog_.FindTable(full[1], full[2]) : nullptr;
    if (table == nullptr)
        throw SqlError{"Table not found: Error during planning: table '" + full[0] + "." + full[1] + "." +
                       full[2] + "' not found"};
    tables_.push_back({full[1], full[2]});
    Relation relation;
    relation.qualifier = alias.empty() ? full : std::vector<std::string>{alias};
    relation.sqlite_alias = NextAlias();
    relation.columns = table->columns;
    for (const arrow::Field &field : table->columns) relation.sqlite_columns.push_back(field.name);
    relation.base = table;
    from_sql = table->sqlite_source + " AS " + relation.sqlite_alias;
    return relation;
}

Relation SelectPlanner::FromRelation(const TableRef &ref, const Scope &scope, std::string &from_sql) {
    if (ref.select != nullptr) {
        Planned planned = PlanNested(*ref.select, scope.outer);
        return DerivedRelation(
            std::move(planned),
            ref.alias.empty() ? std::vector<std::string>{} : std::vector<std::string>{ref.alias}, from_sql);
    }
    for (std::size_t i = ctes_.size(); ref.names.size() == 1 && i-- > 0;) {
        const SelectAst::Cte *cte = ctes_[i];
        if (cte->name != ref.names[0]) continue;
        const std::vector<const SelectAst::Cte *> all = ctes_;
        ctes_.resize(i);  // a common table expression sees those before it
        Planned planned = PlanNested(*cte->select, nullptr);
        ctes_ = all;
        for (std::size_t c = 0; c < cte->columns.size() && c < planned.columns.size(); ++c)
            planned.columns[c].name = cte->columns[c];
        return DerivedRelation(std::move(planned), {ref.alias.empty() ? cte->name : ref.alias}, from_sql);
    }
    return TableRelation(ref.names, ref.alias, from_sql);
}

Relation SelectPlanner::DerivedRelation(Planned planned, std::vector<std::string> qualifier,
                                        std::string &from_sql) {
    Relation relation;
    relation.qualifier = std::move(qualifier);
    relation.sqlite_alias = NextAlias();
    relation.columns = std::move(planned.columns);
    for (std::size_t i = 0; i < relation.columns.size(); ++i)
        relation.sqlite_columns.push_back("kalam_c" + std::to_string(i));
    from_sql = "(" + planned.sql + ") AS " + relation.sqlite_alias;
    return relation;
}

Result<SelectPlan> PlanSelect(const Query &query, SqlCatalog &catalog, const QueryLimits &limits) {
    try {
        SelectPlanner planner(catalog);
        auto planned = planner.PlanTop(*std::get<SelectPtr>(query.ast->statement), limits);
        return SelectPlan{std::move(planned.sql), std::move(planned.columns), planner.tables()};
    } catch (const SqlError &error) {
        return Fail(error.text);
    }
}

}  // namespace kalam::devserver::sql
