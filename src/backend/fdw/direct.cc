// UPDATE and DELETE by key without a scan. Where the statement is its whole transaction, that is one request,
// whose answer gives the row count. Otherwise the key is looked up first, because a staged change tells
// nothing, and the change goes the way of all writes. Called by the executor.
#include "backend/fdw/alone.h"
#include "backend/fdw/callbacks.h"
#include "backend/fdw/direct_state.h"
#include "backend/fdw/known_keys.h"
#include "backend/fdw/relation_plan.h"
#include "backend/fdw/user_scope.h"
#include "backend/plain_write.h"
#include "backend/row_violation.h"
#include "backend/writes.h"

extern "C" {
#include "executor/executor.h"
#include "utils/rel.h"
}

namespace kalam::backend::fdw {

using catalog::TableIdentity;
using common::Operation;

namespace {

std::span<Assignment> BindAssignments(const ForeignScan *plan, size_t first, PlanState *parent) {
    const auto *columns = static_cast<const List *>(list_nth(plan->fdw_private, kPrivateAssigned));
    const size_t count = static_cast<size_t>(list_length(columns));
    auto *bound = static_cast<Assignment *>(palloc(sizeof(Assignment) * Max(count, 1)));
    for (size_t i = 0; i < count; ++i) {
        auto *value = static_cast<Expr *>(list_nth(plan->fdw_exprs, static_cast<int>(first + i)));
        bound[i] = {.attnum = static_cast<AttrNumber>(list_nth_int(columns, static_cast<int>(i))),
                    .value = ExecInitExpr(value, parent)};
    }
    return {bound, count};
}

const types::RowEncoder *EncoderOf(const DirectState *state) {
    auto *columns = static_cast<types::EncodeColumn *>(
        palloc0(sizeof(types::EncodeColumn) * Max(state->assignments.size(), 1)));
    size_t count = 0;
    for (const Assignment &assignment : state->assignments) {
        columns[count++] = {.attnum = assignment.attnum,
                            .remote_name = state->identity->column(assignment.attnum).remote_name,
                            .type = ResolveColumn(state->desc, state->identity, assignment.attnum)};
    }
    return types::MakeRowEncoder({columns, count});
}

// The new values as the server takes them. `violated`: the first column that does not take its NULL; InvalidAttrNumber: none.
std::string_view EncodeChanges(const DirectState *state, ExprContext *econtext, AttrNumber *violated) {
    const size_t natts = static_cast<size_t>(state->desc->natts);
    auto *values = static_cast<Datum *>(palloc0(sizeof(Datum) * natts));
    auto *nulls = static_cast<bool *>(palloc0(sizeof(bool) * natts));
    for (const Assignment &assignment : state->assignments) {
        const int at = assignment.attnum - 1;
        values[at] = ExecEvalExprSwitchContext(assignment.value, econtext, &nulls[at]);
        const bool allowed = !nulls[at] || !TupleDescAttr(state->desc, at)->attnotnull;
        if (!allowed && (*violated == InvalidAttrNumber || assignment.attnum < *violated))
            *violated = assignment.attnum;
    }
    StringInfoData changes;
    initStringInfo(&changes);
    state->encoder->Encode(&changes, values, nulls);
    return {changes.data, static_cast<size_t>(changes.len)};
}

// The change as one plain request; how many rows it changed.
uint64 SendPlain(DirectState *state, const Endpoint *endpoint, const char *owner, std::string_view key,
                 std::string_view changes) {
    const bool update = state->operation == CMD_UPDATE;
    Request request =
        ChangeRequest(endpoint, update ? Operation::kUpdate : Operation::kDelete, state->identity, owner);
    update ? request.AddItem(key, changes) : request.AddItem(key);
    const Answer answer = TryCallPlain(request);
    state->counts.Add(answer);
    // The server counts a row whose values stay the same as none, and a missing one as an error.
    if (answer.head.status.Ok()) return update ? 1 : answer.head.affected_rows;
    if (update && SaysRowIsMissing(answer)) return 0;
    ThrowRefusedWrite(answer, endpoint, state->identity->relid);
}

bool RowExists(const DirectState *state, const Endpoint *endpoint, const char *owner, const char *key,
               CommandId command) {
    KeySet *known = FindKnownKeys({.endpoint = endpoint,
                                   .identity = state->identity,
                                   .key_type = &state->key[0].type,
                                   .user_id = owner,
                                   .snapshot = command},
                                  list_make1(const_cast<char *>(key)));
    return HasKey(known, key);
}

// The change as part of a transaction: looked up, then held back or staged.
uint64 SendLater(DirectState *state, const Endpoint *endpoint, const char *owner, const char *key,
                 std::string_view changes, CommandId command) {
    const TableIdentity *identity = state->identity;
    if (!RowExists(state, endpoint, owner, key, command)) return 0;
    Writes *writes = OpenWrites({.endpoint = endpoint,
                                 .table = identity->name(),
                                 .relid = identity->relid,
                                 .qualified_name = identity->qualified_name,
                                 .key_column = identity->column(identity->key).remote_name,
                                 .user_id = owner != nullptr ? owner : "",
                                 .command = command,
                                 .stage_early = true,
                                 .new_keys = {}});
    state->operation == CMD_UPDATE ? AddUpdate(writes, key, changes) : AddDelete(writes, key);
    CloseWrites(writes);
    return 1;
}

uint64 Execute(DirectState *state, const ForeignScanState *node) {
    const EState *estate = node->ss.ps.state;
    AskOpenScans(estate);
    ExprContext *econtext = node->ss.ps.ps_ExprContext;
    const Question question = Ask(state->key, econtext);
    if (question.nothing) return 0;
    const char *key = static_cast<const char *>(linitial(question.keys));
    const Endpoint *endpoint = GetEndpoint(state->identity->server_id);
    const bool update = state->operation == CMD_UPDATE;
    const char *owner = ScopeOfChange(endpoint, state->identity, update ? "update" : "delete from");
    AttrNumber violated = InvalidAttrNumber;
    const std::string_view changes = update ? EncodeChanges(state, econtext, &violated) : std::string_view();
    if (violated != InvalidAttrNumber) {
        if (!RowExists(state, endpoint, owner, key, estate->es_output_cid)) return 0;
        ThrowNull(state->identity->relid, violated);
    }
    if (MaySendPlain(endpoint) && StandsAlone(estate, node->resultRelInfo))
        return SendPlain(state, endpoint, owner, key, changes);
    return SendLater(state, endpoint, owner, key, changes, estate->es_output_cid);
}

}  // namespace

void BeginDirectModify(ForeignScanState *node, int) {
    const auto *plan = reinterpret_cast<const ForeignScan *>(node->ss.ps.plan);
    auto *state = static_cast<DirectState *>(palloc0(sizeof(DirectState)));
    const Relation relation = node->ss.ss_currentRelation;
    state->operation = plan->operation;
    state->identity = catalog::CopyTableIdentity(catalog::GetTableIdentity(RelationGetRelid(relation)));
    state->desc = RelationGetDescr(relation);
    state->key = BindConditions(state->desc, state->identity, plan, &node->ss.ps);
    state->assignments = BindAssignments(plan, state->key.size(), &node->ss.ps);
    state->encoder = EncoderOf(state);
    state->sets_row_count = boolVal(list_nth(plan->fdw_private, kPrivateCounts));
    node->fdw_state = state;
}

TupleTableSlot *IterateDirectModify(ForeignScanState *node) {
    auto *state = static_cast<DirectState *>(node->fdw_state);
    TupleTableSlot *slot = node->ss.ss_ScanTupleSlot;
    if (!state->done) {
        const uint64 rows = Execute(state, node);
        state->done = true;
        state->counts.rows = rows;
        if (state->sets_row_count) node->ss.ps.state->es_processed += rows;
        if (node->ss.ps.instrument != nullptr)
            node->ss.ps.instrument->tuplecount += static_cast<double>(rows);
    }
    return ExecClearTuple(slot);
}

void EndDirectModify(ForeignScanState *) {}

}  // namespace kalam::backend::fdw
