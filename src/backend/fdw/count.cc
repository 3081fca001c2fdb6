// Runs count(*) of a whole table (count.h). Called by scan.cc and explain.cc.
#include "backend/fdw/count.h"

#include "backend/catalog/remote_facts.h"
#include "backend/fdw/compat.h"
#include "backend/fdw/scan_state.h"
#include "backend/fdw/user_scope.h"
#include "backend/fdw/whole_table.h"
#include "backend/guc.h"
#include "backend/xact.h"

extern "C" {
#include "access/table.h"
#include "catalog/pg_type.h"
#include "executor/executor.h"
#include "utils/rel.h"
}

namespace kalam::backend::fdw {

using common::Operation;

namespace {

struct CountState {
    const catalog::TableIdentity *identity;
    CommandId snapshot;
    OpenScan open;  // until it asks
    bool counted;
    int64 count;
    bool done;  // the one row was returned
    RemoteCounts counts;
};

CountState *StateOf(const ForeignScanState *node) {
    return static_cast<CountState *>(node->fdw_state);
}

const char *CountSql(const catalog::TableIdentity *identity) {
    return psprintf("SELECT count(*) FROM %s.%s", identity->remote_namespace, identity->remote_table);
}

// The number in the one cell of the answer; -1 if it is none.
int64 ReadCount(const Answer &answer) {
    FrameReader frames(answer);
    std::string_view frame;
    if (!frames.Next(frame)) return -1;  // the message
    while (frames.Next(frame)) {
        const types::ArrowBatch *batch = types::OpenArrowBatch(frame);
        if (batch->rows != 1 || batch->column_count != 1) continue;
        const types::ColumnDecoder decoder = types::BindDecoder(
            batch->columns[0], types::ResolveColumnType({.type = INT8OID, .column_name = "count"}), "count");
        bool is_null = false;
        const Datum value = decoder.Decode(0, &is_null);
        if (!is_null) return DatumGetInt64(value);
    }
    return -1;
}

// The server's own count; -1 where it may be wrong: SQL stops at the cap of hot rows too.
int64 AskForCount(CountState *state, const Endpoint *endpoint) {
    const Answer answer = Call(Request::Sql(endpoint, Operation::kExecuteQuery, CountSql(state->identity)));
    state->counts.Add(answer);
    const int64 count = ReadCount(answer);
    return count < guc::hot_row_cap ? count : -1;
}

int64 CountByScan(const CountState *state, const Endpoint *endpoint) {
    const Relation relation = table_open(state->identity->relid, NoLock);
    const Projection projection = MakeProjection(RelationGetDescr(relation), state->identity, NIL);
    table_close(relation, NoLock);
    RowReader reader = ReadWholeTable(endpoint, state->identity, nullptr, &projection);
    int64 count = 0;
    while (reader.Next()) ++count;
    return count;
}

int64 Count(CountState *state) {
    const Endpoint *endpoint = GetEndpoint(state->identity->server_id);
    (void)ScopeOfRead(endpoint, state->identity, nullptr, false);
    const common::SessionUse session = PrepareRead(endpoint, state->identity->name(), state->snapshot);
    // The server's SQL never joins a transaction, and ignores who may read the table; scans do not.
    const bool may_ask =
        session == common::SessionUse::kAny && !catalog::IsForAdministrators(endpoint, state->identity);
    const int64 count = may_ask ? AskForCount(state, endpoint) : -1;
    return count >= 0 ? count : CountByScan(state, endpoint);
}

void CountNow(ForeignScanState *node) {
    CountState *state = StateOf(node);
    LeaveOpenScans(&state->open);
    state->count = Count(state);
    state->counts.rows += 1;
    state->counted = true;
}

}  // namespace

void BeginCount(ForeignScanState *node, int eflags) {
    const auto *plan = reinterpret_cast<const ForeignScan *>(node->ss.ps.plan);
    auto *state = static_cast<CountState *>(palloc0(sizeof(CountState)));
    state->identity = catalog::CopyTableIdentity(catalog::GetTableIdentity(linitial_oid(plan->fdw_private)));
    const Snapshot snapshot = node->ss.ps.state->es_snapshot;
    state->snapshot = snapshot != nullptr ? snapshot->curcid : FirstCommandId;
    node->fdw_state = state;
    if ((eflags & EXEC_FLAG_EXPLAIN_ONLY) == 0) EnterOpenScan(&state->open, node, CountNow);
}

TupleTableSlot *IterateCount(ForeignScanState *node) {
    CountState *state = StateOf(node);
    TupleTableSlot *slot = node->ss.ss_ScanTupleSlot;
    ExecClearTuple(slot);
    if (state->done) return slot;
    state->done = true;
    if (!state->counted) CountNow(node);
    for (int i = 0; i < slot->tts_tupleDescriptor->natts; ++i) {
        slot->tts_values[i] = Int64GetDatum(state->count);
        slot->tts_isnull[i] = false;
    }
    return ExecStoreVirtualTuple(slot);
}

void ReScanCount(ForeignScanState *node) {
    StateOf(node)->done = false;
    StateOf(node)->counted = false;
}

void EndCount(ForeignScanState *node) {
    LeaveOpenScans(&StateOf(node)->open);
}

void ExplainCount(ForeignScanState *node, ExplainState *es) {
    const CountState *state = StateOf(node);
    ExplainPropertyText("Remote SQL", CountSql(state->identity), es);
    if (es->analyze) ExplainCounts(state->counts, es);
}

}  // namespace kalam::backend::fdw
