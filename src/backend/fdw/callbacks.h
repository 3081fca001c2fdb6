// The callbacks that PostgreSQL's foreign data wrapper interface is given (handler.cc): what each must do is
// written in PostgreSQL's documentation, chapter "Writing a Foreign Data Wrapper"; what ours do, in the file
// that has them.
#pragma once

#include "backend/pg.h"

extern "C" {
#include "foreign/fdwapi.h"
}

namespace kalam::backend::fdw {

// estimate.cc, paths.cc, plan.cc
void GetForeignRelSize(PlannerInfo *root, RelOptInfo *rel, Oid relid);
void GetForeignPaths(PlannerInfo *root, RelOptInfo *rel, Oid relid);
ForeignScan *GetForeignPlan(PlannerInfo *root, RelOptInfo *rel, Oid relid, ForeignPath *path, List *tlist,
                            List *clauses, Plan *outer_plan);

// count_plan.cc
void GetForeignUpperPaths(PlannerInfo *root, UpperRelationKind stage, RelOptInfo *input, RelOptInfo *output,
                          void *extra);

// scan.cc
void BeginForeignScan(ForeignScanState *node, int eflags);
TupleTableSlot *IterateForeignScan(ForeignScanState *node);
void ReScanForeignScan(ForeignScanState *node);
void EndForeignScan(ForeignScanState *node);

// modify_plan.cc
void AddForeignUpdateTargets(PlannerInfo *root, Index index, RangeTblEntry *entry, Relation relation);
List *PlanForeignModify(PlannerInfo *root, ModifyTable *plan, Index index, int subplan);
int IsForeignRelUpdatable(Relation relation);

// modify.cc
void BeginForeignModify(ModifyTableState *state, ResultRelInfo *info, List *fdw_private, int subplan,
                        int eflags);
void EndForeignModify(EState *estate, ResultRelInfo *info);
void BeginForeignInsert(ModifyTableState *state, ResultRelInfo *info);
void EndForeignInsert(EState *estate, ResultRelInfo *info);

// modify_insert.cc
TupleTableSlot *ExecForeignInsert(EState *estate, ResultRelInfo *info, TupleTableSlot *slot,
                                  TupleTableSlot *plan_slot);
TupleTableSlot **ExecForeignBatchInsert(EState *estate, ResultRelInfo *info, TupleTableSlot **slots,
                                        TupleTableSlot **plan_slots, int *count);
int GetForeignModifyBatchSize(ResultRelInfo *info);

// modify_change.cc
TupleTableSlot *ExecForeignUpdate(EState *estate, ResultRelInfo *info, TupleTableSlot *slot,
                                  TupleTableSlot *plan_slot);
TupleTableSlot *ExecForeignDelete(EState *estate, ResultRelInfo *info, TupleTableSlot *slot,
                                  TupleTableSlot *plan_slot);

// direct_plan.cc, direct.cc
bool PlanDirectModify(PlannerInfo *root, ModifyTable *plan, Index index, int subplan);
void BeginDirectModify(ForeignScanState *node, int eflags);
TupleTableSlot *IterateDirectModify(ForeignScanState *node);
void EndDirectModify(ForeignScanState *node);

// explain.cc
void ExplainForeignScan(ForeignScanState *node, ExplainState *es);
void ExplainForeignModify(ModifyTableState *state, ResultRelInfo *info, List *fdw_private, int subplan,
                          ExplainState *es);
void ExplainDirectModify(ForeignScanState *node, ExplainState *es);

// analyze.cc, truncate.cc
bool AnalyzeForeignTable(Relation relation, AcquireSampleRowsFunc *function, BlockNumber *pages);
void ExecForeignTruncate(List *relations, DropBehavior behavior, bool restart_sequences);

}  // namespace kalam::backend::fdw
