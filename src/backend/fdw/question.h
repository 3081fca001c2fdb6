// The conditions of a scan once their values are known: which keys, which filters, whose rows. Called by scans
// and direct modifications. Evaluates expressions; makes no remote call.
#pragma once

#include <span>

#include "backend/fdw/conditions.h"
#include "backend/fdw/requests.h"

extern "C" {
#include "nodes/execnodes.h"
}

namespace kalam::backend::fdw {

// A condition with its value's expression.
struct ScanCondition {
    Role role;
    types::ColumnType type;
    const char *column;  // remote name; null for kUser
    ExprState *value;
    Oid value_type;  // base type of the value, or of the array's elements
};

// The conditions of a ForeignScan, ready to be evaluated by `parent`. palloc'd.
std::span<ScanCondition> BindConditions(TupleDesc desc, const catalog::TableIdentity *identity,
                                        const ForeignScan *plan, PlanState *parent);

// What the conditions come to once their values are known.
struct Question {
    bool nothing;      // no row can satisfy them
    const char *user;  // asked for by _userid = ...
    bool keyed;        // look `keys` up
    List *keys;        // of char *, UTF-8, each once
    Filter *filters;
    int filter_count;
};

// Evaluates; the result lives in the current memory context.
Question Ask(std::span<const ScanCondition> conditions, ExprContext *econtext);

}  // namespace kalam::backend::fdw
