// What planning knows of a foreign table, kept in RelOptInfo::fdw_private, and what it hands to execution in
// ForeignScan::fdw_private. Called by the planning half of fdw/ (estimate, paths, plan, direct_plan); the
// second part is read by scan.cc and explain.cc. Nothing remote happens in planning.
#pragma once

#include "backend/catalog/table_identity.h"
#include "backend/pg.h"

extern "C" {
#include "nodes/pathnodes.h"
#include "nodes/plannodes.h"
}

namespace kalam::backend::fdw {

struct RelationPlan {
    const catalog::TableIdentity *identity;
    double rows_in_table;  // the statistics' or a guess
    bool keyed;            // a condition without parameters names the keys
    bool is_target;        // of the UPDATE or DELETE being planned
};

inline RelationPlan *PlanOf(const RelOptInfo *rel) {
    return static_cast<RelationPlan *>(rel->fdw_private);
}

// Costs in the planner's units, where a sequential page read is 1. A lookup is a round trip of about half a
// millisecond, in which the server reads about a hundred rows.
inline constexpr double kLookupCost = 10.0;
inline constexpr double kScanStartCost = 25.0;
inline constexpr double kRemoteRowCost = 0.08;
inline constexpr double kGuessedRows = 10000;

// The items of ForeignScan::fdw_private.
enum PrivateItem : int {
    kPrivateColumns,     // IntList: attribute numbers to ask for
    kPrivateConditions,  // List of IntList: (Role, attribute number); values are in fdw_exprs, in this order
    kPrivateRows,        // Float: rows_in_table
    kPrivateIsTarget,    // Boolean
    // Of a direct modification only (direct_plan.cc):
    kPrivateAssigned,  // IntList: columns that an UPDATE sets; values in fdw_exprs, after the conditions'
    kPrivateCounts,    // Boolean: its rows are the statement's row count
};

}  // namespace kalam::backend::fdw
