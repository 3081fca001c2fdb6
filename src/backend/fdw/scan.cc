// Foreign scans: Begin, Iterate, ReScan, End. The server is asked at the first row (fetch.cc), or before something else
// is written (open_scans.h); a rescan with
// the same parameters reads the same answer again. Called by the executor.
#include "backend/fdw/callbacks.h"
#include "backend/fdw/count.h"
#include "backend/fdw/relation_plan.h"
#include "backend/fdw/scan_state.h"

extern "C" {
#include "executor/executor.h"
#include "utils/rel.h"
#include "utils/snapshot.h"
}

namespace kalam::backend::fdw {

namespace {

ScanState *StateOf(const ForeignScanState *node) {
    return static_cast<ScanState *>(node->fdw_state);
}

// The current row of the answer in the slot.
void StoreRow(const ScanState *state, TupleTableSlot *slot) {
    const int natts = slot->tts_tupleDescriptor->natts;
    memset(slot->tts_isnull, true, static_cast<size_t>(natts) * sizeof(bool));
    state->reader.Decode(slot->tts_values, slot->tts_isnull);
    if (state->projection.user_id != InvalidAttrNumber && state->user_id != nullptr) {
        slot->tts_values[state->projection.user_id - 1] = state->user_id_datum;
        slot->tts_isnull[state->projection.user_id - 1] = false;
    }
    ExecStoreVirtualTuple(slot);
}

// Whether the current row is one that was asked for, for the first time: rows that the transaction has
// changed come with every lookup.
bool IsWanted(const ScanState *state) {
    if (state->asked == nullptr) return true;
    for (int i = 0; i < state->projection.count; ++i) {
        if (state->projection.columns[i].attnum != state->identity->key) continue;
        bool is_null = false;
        const Datum key = state->reader.DecodeColumn(i, &is_null);
        if (is_null) return false;
        StringInfoData text;
        initStringInfo(&text);
        types::AppendKeyText(&text, state->projection.columns[i].type, key);
        return TakeKey(state->asked, {text.data, static_cast<size_t>(text.len)});
    }
    return true;
}

void AskNow(ForeignScanState *node) {
    ScanState *state = StateOf(node);
    LeaveOpenScans(&state->open);
    Fetch(state, node->ss.ps.ps_ExprContext);
}

}  // namespace

void BeginForeignScan(ForeignScanState *node, int eflags) {
    if (IsCount(node)) return BeginCount(node, eflags);
    const auto *plan = reinterpret_cast<const ForeignScan *>(node->ss.ps.plan);
    auto *state = static_cast<ScanState *>(palloc0(sizeof(ScanState)));
    node->fdw_state = state;
    const Relation relation = node->ss.ss_currentRelation;
    state->identity = catalog::CopyTableIdentity(catalog::GetTableIdentity(RelationGetRelid(relation)));
    state->projection =
        MakeProjection(RelationGetDescr(relation), state->identity,
                       static_cast<const List *>(list_nth(plan->fdw_private, kPrivateColumns)));
    state->rows_in_table = floatVal(list_nth(plan->fdw_private, kPrivateRows));
    state->is_target = boolVal(list_nth(plan->fdw_private, kPrivateIsTarget));
    const std::span<ScanCondition> conditions =
        BindConditions(RelationGetDescr(relation), state->identity, plan, &node->ss.ps);
    state->conditions = conditions.data();
    state->condition_count = static_cast<int>(conditions.size());
    state->counts_rows = node->ss.ps.state->es_instrument != 0;
    const Snapshot snapshot = node->ss.ps.state->es_snapshot;
    state->snapshot = snapshot != nullptr ? snapshot->curcid : FirstCommandId;
    state->answer_context =
        AllocSetContextCreate(CurrentMemoryContext, "kalam answer", ALLOCSET_DEFAULT_SIZES);
    state->row_context = AllocSetContextCreate(CurrentMemoryContext, "kalam row", ALLOCSET_SMALL_SIZES);
    if ((eflags & EXEC_FLAG_EXPLAIN_ONLY) == 0) EnterOpenScan(&state->open, node, AskNow);
}

TupleTableSlot *IterateForeignScan(ForeignScanState *node) {
    if (IsCount(node)) return IterateCount(node);
    ScanState *state = StateOf(node);
    TupleTableSlot *slot = node->ss.ss_ScanTupleSlot;
    ExecClearTuple(slot);
    if (!state->fetched) AskNow(node);
    while (state->has_rows && state->reader.Next()) {
        MemoryContextReset(state->row_context);
        const MemoryContext old = MemoryContextSwitchTo(state->row_context);
        const bool wanted = IsWanted(state);
        if (wanted) StoreRow(state, slot);
        MemoryContextSwitchTo(old);
        if (wanted) return slot;
    }
    state->has_rows = false;
    return slot;
}

void ReScanForeignScan(ForeignScanState *node) {
    if (IsCount(node)) return ReScanCount(node);
    ScanState *state = StateOf(node);
    if (!state->fetched) return;
    if (node->ss.ps.chgParam != nullptr) {
        state->fetched = false;
        return;
    }
    if (state->answer.body == nullptr) return;
    if (state->asked != nullptr) RestoreKeys(state->asked);
    state->reader.Rewind(state->answer);
    state->has_rows = true;
}

void EndForeignScan(ForeignScanState *node) {
    if (IsCount(node)) return EndCount(node);
    ScanState *state = StateOf(node);
    if (state == nullptr) return;
    LeaveOpenScans(&state->open);
    MemoryContextDelete(state->answer_context);
    MemoryContextDelete(state->row_context);
}

}  // namespace kalam::backend::fdw
