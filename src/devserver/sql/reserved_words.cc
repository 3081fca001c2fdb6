// The words that KalamDB refuses as names: those sqlparser reserves as table alias, column alias, table factor or
// identifier, and a few of its own. See names.h.
#include <algorithm>
#include <array>

#include "devserver/sql/names.h"
#include "devserver/sql/token.h"

namespace kalam::devserver::sql {
namespace {

// Sorted, for binary search.
constexpr auto kReserved = std::to_array<std::string_view>({
    "ALTER",
    "ANALYZE",
    "AND",
    "ANTI",
    "ANY",
    "AS",
    "ASOF",
    "CASE",
    "CLUSTER",
    "CONNECT",
    "CREATE",
    "CROSS",
    "CURRENT",
    "DATABASE",
    "DELETE",
    "DISTRIBUTE",
    "DROP",
    "END",
    "EXCEPT",
    "EXISTS",
    "EXPLAIN",
    "FALSE",
    "FETCH",
    "FINAL",
    "FOR",
    "FORCE",
    "FORMAT",
    "FROM",
    "FULL",
    "GLOBAL",
    "GROUP",
    "HAVING",
    "IN",
    "INDEX",
    "INNER",
    "INSERT",
    "INTERSECT",
    "INTERVAL",
    "INTO",
    "IS",
    "JOIN",
    "LATERAL",
    "LEFT",
    "LIMIT",
    "MATCH_CONDITION",
    "MATCH_RECOGNIZE",
    "MINUS",
    "NATURAL",
    "NOT",
    "NULL",
    "OFFSET",
    "ON",
    "OPEN",
    "OR",
    "ORDER",
    "OUTER",
    "OUTPUT",
    "OVER",
    "PARTITION",
    "PERCENT",
    "PIVOT",
    "PREWHERE",
    "QUALIFY",
    "RETURNING",
    "RIGHT",
    "SAMPLE",
    "SCHEMA",
    "SELECT",
    "SEMI",
    "SET",
    "SETTINGS",
    "SORT",
    "START",
    "STRAIGHT_JOIN",
    "STRUCT",
    "TABLE",
    "TABLES",
    "TABLESAMPLE",
    "TABLESPACE",
    "THEN",
    "TO",
    "TOP",
    "TRIM",
    "TRUE",
    "UNION",
    "UNNEST",
    "UNPIVOT",
    "UPDATE",
    "USE",
    "USING",
    "VALUES",
    "VIEW",
    "WHEN",
    "WHERE",
    "WINDOW",
    "WITH",
});

static_assert(std::is_sorted(kReserved.begin(), kReserved.end()));

}  // namespace

bool IsReservedWord(std::string_view name) {
    return std::binary_search(kReserved.begin(), kReserved.end(), std::string_view(ToUpper(name)));
}

}  // namespace kalam::devserver::sql
