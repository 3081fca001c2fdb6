// Differences between PostgreSQL 15, 16, 17 and 18 in the planner's and executor's functions that fdw/ calls;
// apart from backend/pg_compat.h because their headers are large and nobody else needs them.
#pragma once

#include "backend/pg.h"

extern "C" {
#include "commands/explain.h"
#if PG_VERSION_NUM >= 180000
#include "commands/explain_format.h"
#include "commands/explain_state.h"
#endif
#include "commands/vacuum.h"
#include "executor/executor.h"
#include "optimizer/pathnode.h"
#include "utils/selfuncs.h"

// Of libpq/libpq.h, whose own includes need headers of GSSAPI that are often not installed.
#if PG_VERSION_NUM >= 170000
extern ssize_t pq_buffer_remaining_data(void);
#else
extern bool pq_buffer_has_data(void);
#endif
}

namespace kalam::backend::fdw::compat {

inline ForeignPath *CreateForeignPath(PlannerInfo *root, RelOptInfo *rel, double rows, Cost startup,
                                      Cost total, Relids required_outer) {
#if PG_VERSION_NUM >= 180000
    return create_foreignscan_path(root, rel, nullptr, rows, 0, startup, total, NIL, required_outer, nullptr,
                                   NIL, NIL);
#elif PG_VERSION_NUM >= 170000
    return create_foreignscan_path(root, rel, nullptr, rows, startup, total, NIL, required_outer, nullptr,
                                   NIL, NIL);
#else
    return create_foreignscan_path(root, rel, nullptr, rows, startup, total, NIL, required_outer, nullptr,
                                   NIL);
#endif
}

inline ForeignPath *CreateUpperPath(PlannerInfo *root, RelOptInfo *rel, PathTarget *target, double rows,
                                    Cost startup, Cost total) {
#if PG_VERSION_NUM >= 180000
    return create_foreign_upper_path(root, rel, target, rows, 0, startup, total, NIL, nullptr, NIL, NIL);
#elif PG_VERSION_NUM >= 170000
    return create_foreign_upper_path(root, rel, target, rows, startup, total, NIL, nullptr, NIL, NIL);
#else
    return create_foreign_upper_path(root, rel, target, rows, startup, total, NIL, nullptr, NIL);
#endif
}

inline double ArrayLength(PlannerInfo *root, Node *array) {
#if PG_VERSION_NUM >= 170000
    return estimate_array_length(root, array);
#else
    (void)root;
    return estimate_array_length(array);
#endif
}

// A point where ANALYZE may sleep or be cancelled.
inline void AnalyzeDelayPoint() {
#if PG_VERSION_NUM >= 180000
    vacuum_delay_point(true);
#else
    vacuum_delay_point();
#endif
}

// Whether bytes of the client have been received that nobody has read.
inline bool InputIsBuffered() {
#if PG_VERSION_NUM >= 170000
    return pq_buffer_remaining_data() > 0;
#else
    return pq_buffer_has_data();
#endif
}

}  // namespace kalam::backend::fdw::compat
