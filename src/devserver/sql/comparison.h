// What two values of different types are compared as, and what computing with them gives (DataFusion's coercions).
// Called by expr_planner.cc. Pure functions; throw SqlError, complete.
#pragma once

#include <string>

#include "devserver/sql/typed.h"

namespace kalam::devserver::sql {

// Both sides in one SQLite representation. `op` is for the error text.
struct Comparable {
    std::string left, right;
};
Comparable MakeComparable(const Typed &left, const Typed &right, const std::string &op);

Typed PlanComparison(const std::string &op, const Typed &left, const Typed &right);
Typed PlanArithmetic(const std::string &op, const Typed &left, const Typed &right);

// The one type that holds both: of CASE branches, COALESCE, rows of VALUES, set operations.
DataType CommonType(const DataType &a, const DataType &b);

// A sort key: decimals sort as numbers.
std::string SortSql(const std::string &sql, const DataType &type);

}  // namespace kalam::devserver::sql
