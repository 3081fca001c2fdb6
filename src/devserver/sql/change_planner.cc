// INSERT, UPDATE and DELETE as SELECTs of what they write. See query.h.
#include <algorithm>
#include <set>
#include <string>

#include "devserver/sql/always_true.h"
#include "devserver/sql/select_planner.h"
#include "devserver/sql/token.h"

namespace kalam::devserver::sql {
namespace {

bool IsSystemColumn(const arrow::Field &field) {
    return field.name.starts_with('_');
}

int RequireColumn(const Relation &relation, const std::string &name) {
    for (std::size_t i = 0; i < relation.columns.size(); ++i)
        if (relation.columns[i].name == name) return static_cast<int>(i);
    Scope scope;
    scope.relations.push_back(relation);
    scope.Find({name});  // fails with the list of columns
    return -1;
}

std::vector<int> InsertTargets(const InsertAst &insert, const Relation &table) {
    std::vector<int> target;
    for (const std::string &name : insert.columns) {
        const int column = RequireColumn(table, name);
        if (std::find(target.begin(), target.end(), column) != target.end())
            throw SqlError{
                "Execution error: Schema error: Schema contains duplicate unqualified field name " + name};
        target.push_back(column);
    }
    if (!insert.columns.empty()) return target;
    for (std::size_t i = 0; i < table.columns.size(); ++i)
        if (!IsSystemColumn(table.columns[i])) target.push_back(static_cast<int>(i));
    return target;
}

InsertPlan PlanInsertAst(const InsertAst &insert, SqlCatalog &catalog) {
    SelectPlanner planner(catalog);
    std::string from;
    const Relation table = planner.TableRelation(insert.table, {}, from);
    InsertPlan plan;
    plan.table = planner.tables().front();
    plan.target = InsertTargets(insert, table);
    auto source = planner.PlanSource(*insert.source);
    if (source.columns.size() != plan.target.size())
        throw SqlError{"Execution error: Error during planning: Column count doesn't match insert query!"};
    plan.value_types = std::move(source.columns);
    plan.rows_sql = std::move(source.sql);
    return plan;
}

// The names of the columns in an expression, its subqueries aside.
void CollectColumns(const Expr &expr, std::set<std::string> &names) {
    if (expr.kind == ExprKind::kColumn) names.insert(expr.names.back());
    for (const ExprPtr &argument : expr.args) CollectColumns(*argument, names);
    if (expr.filter) CollectColumns(*expr.filter, names);
}

// The parts UPDATE and DELETE share: the table's scope, the check of WHERE, the SELECT of keys and values.
class ChangePlanner {
 public:
    ChangePlanner(const std::vector<std::string> &table, const std::string &alias, SqlCatalog &catalog,
                  const char *operation)
        : planner_(catalog), exprs_(scope_, planner_), operation_(operation) {
        scope_.relations.push_back(planner_.TableRelation(table, alias, from_));
        plan_.table = planner_.tables().front();
        const SourceTable *base = scope_.relations[0].base;
        const int key = base->key_column;
        AddValue(key >= 0 ? scope_.relations[0].Column(static_cast<std::size_t>(key)) : scope_.Find({"_seq"}),
                 "key");
    }

    void AddAssignment(const std::string &column, const Expr &value) {
        const int index = RequireColumn(scope_.relations[0], column);
        if (index == scope_.relations[0].base->key_column)
            Refuse("Already exists: ", "UPDATE cannot modify primary key column '" + column + "'");
        plan_.target.push_back(index);
        CollectColumns(value, plan_.columns_read);
        const Typed planned = exprs_.Plan(value);
        const DataType wanted = scope_.relations[0].columns[static_cast<std::size_t>(index)].type;
        if (wanted.id == TypeId::kFixedSizeBinary && IsText(planned.type.id))
            throw SqlError{
                "Execution error: Error during planning: Cannot automatically convert Utf8 to "
                "FixedSizeBinary(16)"};
        AddValue(planned, column);
    }

    ChangePlan Finish(const Expr *where) {
        if (where == nullptr || IsAlwaysTrue(*where, scope_))
            Refuse("Execution error: ", std::string(operation_) + " requires a WHERE clause");
        CollectColumns(*where, plan_.columns_read);
        plan_.rows_sql = "SELECT " + list_ + " FROM " + from_ + " WHERE " + exprs_.PlanCondition(*where);
        return std::move(plan_);
    }

 private:
    void AddValue(const Typed &value, const std::string &name) {
        list_ += (list_.empty() ? "" : ", ") + value.sql;
        plan_.value_types.push_back({name, value.type, value.nullable, {}});
    }

    [[noreturn]] void Refuse(const char *prefix, const std::string &what) const {
        throw SqlError{std::string(prefix) + operation_ + " operation on table '" + plan_.table.Dotted() +
                       "'\ncaused by\nError during planning: " + what};
    }

    SelectPlanner planner_;
    Scope scope_;
    ExprPlanner exprs_;
    const char *operation_;
    std::string from_, list_;
    ChangePlan plan_;
};

template <typename Plan>
Result<Plan> Guarded(auto planned) {
    try {
        return planned();
    } catch (const SqlError &error) {
        return Fail(error.text);
    }
}

}  // namespace

Result<InsertPlan> PlanInsert(const Query &query, SqlCatalog &catalog) {
    return Guarded<InsertPlan>(
        [&] { return PlanInsertAst(std::get<InsertAst>(query.ast->statement), catalog); });
}

Result<ChangePlan> PlanUpdate(const Query &query, SqlCatalog &catalog) {
    return Guarded<ChangePlan>([&] {
        const auto &update = std::get<UpdateAst>(query.ast->statement);
        ChangePlanner planner(update.table, update.alias, catalog, "UPDATE");
        for (const auto &[column, value] : update.set) planner.AddAssignment(column, *value);
        return planner.Finish(update.where.get());
    });
}

Result<ChangePlan> PlanDelete(const Query &query, SqlCatalog &catalog) {
    return Guarded<ChangePlan>([&] {
        const auto &del = std::get<DeleteAst>(query.ast->statement);
        ChangePlanner planner(del.table, del.alias, catalog, "DELETE");
        return planner.Finish(del.where.get());
    });
}

}  // namespace kalam::devserver::sql
