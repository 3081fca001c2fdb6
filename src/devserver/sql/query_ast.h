// The trees of SELECT, INSERT, UPDATE and DELETE, as parsed: nothing is resolved yet.
// Built by expr_parser.cc and query_parser.cc, read by the planner. Immutable once built.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "devserver/sql/query.h"
#include "devserver/values/kalam_type.h"
#include "devserver/values/value.h"

namespace kalam::devserver::sql {

struct Expr;
struct SelectAst;
using ExprPtr = std::unique_ptr<Expr>;
using SelectPtr = std::unique_ptr<SelectAst>;

enum class ExprKind : std::uint8_t {
    kLiteral,    // literal
    kColumn,     // names: [catalog.][ns.][table.]column
    kStar,       // *, or t.* with names
    kUnary,      // op: - + NOT
    kBinary,     // op: arithmetic, comparison, AND, OR, ||, ->, ->>, IS DISTINCT FROM, IS NOT DISTINCT FROM
    kIsNull,     // negated
    kIsBoolean,  // op: TRUE FALSE UNKNOWN; negated
    kBetween,    // args: value low high; negated
    kInList,     // args: value, elements; negated
    kInSelect,   // args: value; select; negated
    kExists,     // select; negated
    kScalarSelect,    // select
    kLike,            // args: value pattern [escape]; op: LIKE ILIKE; negated
    kCase,            // args: [operand] (when then)* [else]; has_operand, has_else
    kCast,            // args: value; type; op: TRY for TRY_CAST
    kFunction,        // op: lower-case name; args; distinct; filter; window
    kIntervalLiteral  // literal: microseconds
};

struct OrderItem {
    ExprPtr expr;
    bool descending = false;
    std::optional<bool> nulls_first;
};

struct WindowSpec {
    std::vector<ExprPtr> partition_by;
    std::vector<OrderItem> order_by;
};

struct Expr {
    ExprKind kind = ExprKind::kLiteral;
    std::string op;
    std::vector<std::string> names;
    std::vector<ExprPtr> args;
    Value literal;
    KalamType type;
    bool negated = false;
    bool distinct = false;
    bool has_operand = false;
    bool has_else = false;
    SelectPtr select;
    ExprPtr filter;
    std::unique_ptr<WindowSpec> window;
};

struct SelectItem {
    ExprPtr expr;
    std::string alias;  // empty: none
};

// One element of FROM. The first has join kind "", a comma "CROSS JOIN".
struct TableRef {
    std::string join;                // "", CROSS JOIN, INNER JOIN, LEFT JOIN, RIGHT JOIN, FULL JOIN
    std::vector<std::string> names;  // [catalog.][ns.]table; empty for a subquery
    SelectPtr select;
    std::string alias;
    ExprPtr on;
    std::vector<std::string> using_columns;
};

struct SelectCore {
    bool distinct = false;
    std::vector<SelectItem> items;
    std::vector<TableRef> from;
    ExprPtr where;
    std::vector<ExprPtr> group_by;
    ExprPtr having;
    std::vector<std::vector<ExprPtr>> values;  // VALUES (...), (...): then nothing else is set
    SelectPtr nested;                          // a parenthesised query inside a set operation
};

struct SelectAst {
    struct Cte {
        std::string name;
        SelectPtr select;
        std::vector<std::string> columns;
    };
    std::vector<Cte> with;
    std::vector<SelectCore> cores;
    std::vector<std::string> set_operators;  // between cores: UNION, UNION ALL, EXCEPT, INTERSECT
    std::vector<OrderItem> order_by;
    ExprPtr limit;
    ExprPtr offset;
};

struct InsertAst {
    std::vector<std::string> table;
    std::vector<std::string> columns;  // empty: all, in order
    SelectPtr source;
};

struct UpdateAst {
    std::vector<std::string> table;
    std::string alias;
    std::vector<std::pair<std::string, ExprPtr>> set;
    ExprPtr where;
};

struct DeleteAst {
    std::vector<std::string> table;
    std::string alias;
    ExprPtr where;
};

struct QueryAst {
    std::variant<SelectPtr, InsertAst, UpdateAst, DeleteAst> statement;
};

}  // namespace kalam::devserver::sql
