// See core_planner.h.
#include "devserver/sql/core_planner.h"

#include <algorithm>

#include "devserver/sql/comparison.h"
#include "devserver/sql/display_name.h"
#include "devserver/sql/token.h"

namespace kalam::devserver::sql {
namespace {

void MakeNullable(Relation &relation) {
    for (arrow::Field &field : relation.columns) field.nullable = true;
}

bool IsOrdinal(const Expr &expr, std::size_t count) {
    return expr.kind == ExprKind::kLiteral && expr.literal.id() == TypeId::kInt64 &&
           expr.literal.as_int() >= 1 && expr.literal.as_int() <= static_cast<std::int64_t>(count);
}

}  // namespace

CorePlanner::CorePlanner(const SelectCore &core, SelectPlanner &planner, const Scope *outer)
    : core_(core), planner_(planner), exprs_(scope_, planner) {
    scope_.outer = outer;
    if (!core.values.empty()) {
        PlanValues();
        return;
    }
    aggregated_ = !core.group_by.empty() || core.having != nullptr ||
                  std::any_of(core.items.begin(), core.items.end(),
                              [](const SelectItem &item) { return HasAggregate(*item.expr); });
    PlanFrom();
    if (core.where != nullptr) where_ = " WHERE " + exprs_.PlanCondition(*core.where);
    if (aggregated_) PlanGroups();
    PlanItems();
    if (core.having != nullptr) having_ = " HAVING " + exprs_.PlanCondition(*core.having);
    CheckGrouping();
    sql_ = Assemble();
}

void CorePlanner::PlanFrom() {
    for (const TableRef &ref : core_.from) {
        std::string source;
        Relation relation = planner_.FromRelation(ref, scope_, source);
        if (ref.join == "LEFT JOIN" || ref.join == "FULL JOIN") MakeNullable(relation);
        if (ref.join == "RIGHT JOIN" || ref.join == "FULL JOIN")
            std::for_each(scope_.relations.begin(), scope_.relations.end(), MakeNullable);
        scope_.relations.push_back(std::move(relation));
        from_ += (ref.join.empty() ? " FROM " : " " + ref.join + " ") + source;
        if (ref.on != nullptr) from_ += " ON " + exprs_.PlanCondition(*ref.on);
        if (!ref.using_columns.empty()) AddUsing(ref, from_);
    }
}

void CorePlanner::AddUsing(const TableRef &ref, std::string &from) {
    const Relation &right = scope_.relations.back();
    std::string on;
    for (const std::string &column : ref.using_columns) {
        const auto at = std::find_if(right.columns.begin(), right.columns.end(),
                                     [&](const arrow::Field &field) { return field.name == column; });
        Scope left;
        left.relations.assign(scope_.relations.begin(), scope_.relations.end() - 1);
        left.merged = scope_.merged;
        const Typed left_side = left.Find({column});
        if (at == right.columns.end())
            scope_.Find({right.qualifier.empty() ? "" : right.qualifier.back(), column});
        const Typed right_side = right.Column(static_cast<std::size_t>(at - right.columns.begin()));
        on += (on.empty() ? " ON " : " AND ") + PlanComparison("=", left_side, right_side).sql;
        scope_.merged.push_back(column);
    }
    from += on;
}

const Expr *CorePlanner::AliasedItem(const std::string &name) const {
    for (const SelectItem &item : core_.items)
        if (item.alias == name) return item.expr.get();
    return nullptr;
}

// A group expression: an ordinal, a column, an alias, or anything else.
std::string CorePlanner::GroupSql(const Expr &expr) {
    if (IsOrdinal(expr, core_.items.size()))
        return exprs_.Plan(*core_.items[static_cast<std::size_t>(expr.literal.as_int() - 1)].expr).sql;
    if (expr.kind == ExprKind::kColumn && expr.names.size() == 1) {
        const Expr *aliased = AliasedItem(expr.names[0]);
        bool is_column = false;
        for (const Relation &relation : scope_.relations)
            for (const arrow::Field &field : relation.columns)
                is_column = is_column || field.name == expr.names[0];
        if (aliased != nullptr && !is_column) return exprs_.Plan(*aliased).sql;
    }
    return exprs_.Plan(expr).sql;
}

void CorePlanner::PlanGroups() {
    std::set<std::string> texts;
    for (const ExprPtr &expr : core_.group_by) {
        const std::string sql = GroupSql(*expr);
        groups_ += (groups_.empty() ? " GROUP BY " : ", ") + sql;
        texts.insert(sql);
    }
    exprs_.SetGroups(std::move(texts));
}

void CorePlanner::ExpandStar(const Expr &star) {
    const Relation *only = star.names.empty() ? nullptr : &scope_.FindRelation(star.names);
    if (scope_.relations.empty())
        throw SqlError{
            "Execution error: Error during planning: SELECT * with no tables specified is not valid"};
    for (std::size_t r = 0; r < scope_.relations.size(); ++r) {
        const Relation &relation = scope_.relations[r];
        if (only != nullptr && only != &relation) continue;
        for (std::size_t i = 0; i < relation.columns.size(); ++i) {
            if (only == nullptr && r > 0 && scope_.IsMerged(relation.columns[i].name)) continue;
            const Typed typed = relation.Column(i);
            Expr column;
            column.kind = ExprKind::kColumn;
            column.names = {relation.columns[i].name};
            exprs_.NoteOutside(typed, column, exprs_.Ungrouped().size());
            items_.push_back({typed, relation.columns[i].name});
        }
    }
}

void CorePlanner::PlanItems() {
    for (const SelectItem &item : core_.items) {
        if (item.expr->kind == ExprKind::kStar) {
            ExpandStar(*item.expr);
            continue;
        }
        std::string name = item.alias;
        if (name.empty() && item.expr->kind == ExprKind::kColumn) name = item.expr->names.back();
        if (name.empty()) name = DisplayExpr(*item.expr, scope_);
        items_.push_back({exprs_.Plan(*item.expr), std::move(name)});
    }
}

void CorePlanner::CheckGrouping() const {
    if (exprs_.Ungrouped().empty()) return;
    throw SqlError{
        "Execution error: Error during planning: Column in SELECT must be in GROUP BY or an aggregate "
        "function: "
        "While expanding wildcard, column \"" +
        exprs_.Ungrouped().front() +
        "\" must appear in the GROUP BY clause or must be part of an aggregate function"};
}

std::string CorePlanner::Assemble() {
    std::string list;
    for (std::size_t i = 0; i < items_.size(); ++i)
        list += (i > 0 ? ", " : "") + items_[i].typed.sql + " AS " + OutputName(i);
    return std::string("SELECT ") + (core_.distinct ? "DISTINCT " : "") + list + from_ + where_ + groups_ +
           having_;
}

// VALUES rows: one type per column for all of them; columns are named column1, column2, ...
void CorePlanner::PlanValues() {
    const std::size_t width = core_.values.front().size();
    std::vector<std::vector<Typed>> rows;
    std::vector<Typed> heads(width);
    for (Typed &head : heads) head.nullable = false;
    for (const auto &row : core_.values) {
        if (row.size() != width)
            throw SqlError{
                "Execution error: Error during planning: Inconsistent data length across values list: got " +
                std::to_string(row.size()) + " values in row but expected " + std::to_string(width)};
        auto &planned = rows.emplace_back();
        for (std::size_t i = 0; i < width; ++i) {
            planned.push_back(exprs_.Plan(*row[i]));
            heads[i].type = CommonType(heads[i].type, planned[i].type);
            heads[i].nullable = heads[i].nullable || planned[i].nullable;
        }
    }
    std::string list, values;
    for (std::size_t i = 0; i < width; ++i) {
        const std::string number = std::to_string(i + 1);
        list += (i > 0 ? ", " : "") + ("column" + number) + " AS " + OutputName(i);
        items_.push_back({heads[i], "column" + number});
    }
    for (const auto &row : rows) {
        std::string cells;
        for (std::size_t i = 0; i < width; ++i)
            cells += (i > 0 ? ", " : "") + (IsText(heads[i].type.id) ? TextSql(row[i]) : row[i].sql);
        values += (values.empty() ? "(" : ", (") + cells + ")";
    }
    sql_ = "SELECT " + list + " FROM (VALUES " + values + ")";
}

std::vector<arrow::Field> CorePlanner::Columns() const {
    std::vector<arrow::Field> fields;
    for (const Item &item : items_) {
        arrow::Field field{item.name, item.typed.type, item.typed.nullable, {}};
        if (item.typed.column != nullptr) field.metadata = item.typed.column->metadata;
        fields.push_back(std::move(field));
    }
    return fields;
}

std::string CorePlanner::OrderBySql(const std::vector<OrderItem> &items) {
    std::string out;
    for (const OrderItem &item : items) {
        std::size_t output = items_.size();
        if (IsOrdinal(*item.expr, items_.size()))
            output = static_cast<std::size_t>(item.expr->literal.as_int() - 1);
        if (item.expr->kind == ExprKind::kColumn && item.expr->names.size() == 1)
            for (std::size_t i = items_.size(); i-- > 0;)
                if (items_[i].name == item.expr->names[0]) output = i;
        const Typed key = output < items_.size()
                              ? Typed{.sql = OutputName(output), .type = items_[output].typed.type}
                              : exprs_.Plan(*item.expr);
        out += (out.empty() ? " ORDER BY " : ", ") + SortSql(key.sql, key.type) +
               (item.descending ? " DESC" : " ASC") +
               (item.nulls_first.value_or(item.descending) ? " NULLS FIRST" : " NULLS LAST");
    }
    CheckGrouping();
    return out;
}

const Relation *CorePlanner::PlainTable() const {
    const bool plain = scope_.relations.size() == 1 && !aggregated_ && !core_.distinct;
    if (!plain || scope_.relations[0].base == nullptr || !scope_.relations[0].base->user_data) return nullptr;
    return &scope_.relations[0];
}

int CorePlanner::KeyOutput() const {
    const Relation *table = PlainTable();
    if (table == nullptr || table->base->key_column < 0) return -1;
    const arrow::Field *key = &table->columns[static_cast<std::size_t>(table->base->key_column)];
    for (std::size_t i = 0; i < items_.size(); ++i)
        if (items_[i].typed.column == key && items_[i].name == key->name) return static_cast<int>(i);
    return -1;
}

std::string CorePlanner::KeySql() const {
    const Relation *table = PlainTable();
    const int key = table->base->key_column;
    if (key < 0) return table->sqlite_alias + ".\"_seq\"";
    const Typed column = table->Column(static_cast<std::size_t>(key));
    return SortSql(column.sql, column.type);
}

}  // namespace kalam::devserver::sql
