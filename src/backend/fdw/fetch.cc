// Asks the server for a scan's rows: decides between a lookup of keys and a scan
// with filters, prepares the transaction, keeps the answer. Called by scan.cc at the first row.
#include "backend/fdw/question.h"
#include "backend/fdw/requests.h"
#include "backend/fdw/row_cap.h"
#include "backend/fdw/scan_state.h"
#include "backend/fdw/user_scope.h"
#include "backend/xact.h"

extern "C" {
#include "executor/executor.h"
#include "utils/builtins.h"
}

namespace kalam::backend::fdw {

namespace {

// A lookup of a key costs the server as much as reading this many rows.
constexpr double kRowsPerLookup = 100;
constexpr int kAlwaysLookUp = 64;

// Whether a scan is cheaper than so many lookups.
bool PrefersScan(const ScanState *state, const Question &question) {
    return list_length(question.keys) >
           Max(kAlwaysLookUp, static_cast<int>(Min(state->rows_in_table / kRowsPerLookup, 1e6)));
}

bool ProjectsKey(const ScanState *state) {
    for (const ProjectedColumn &column : state->projection.all()) {
        if (column.attnum == state->identity->key) return true;
    }
    return false;
}

Request MakeLookup(ScanState *state, const Endpoint *endpoint, const Question &question) {
    Request request = LookupRequest(endpoint, state->identity, state->user_id, state->projection);
    const bool several = list_length(question.keys) > 1 && ProjectsKey(state);
    if (several) state->asked = MakeKeySet();
    ListCell *cell;
    foreach (cell, question.keys) {
        const std::string_view key(static_cast<const char *>(lfirst(cell)));
        request.AddItem(key);
        if (several) AddKey(state->asked, key);
    }
    return request;
}

void Call(ScanState *state, Request request, common::SessionUse session) {
    request.head.session = session;
    state->answer = CallInXact(request);
    state->counts.Add(state->answer);
}

// Filters go to the server only where it finds every row with them: not rows that the transaction changed, which it does
// not filter, and not where a cut would not be seen.
void Scan(ScanState *state, const Endpoint *endpoint, const Question &question, common::SessionUse session,
          bool staged) {
    const catalog::TableIdentity *identity = state->identity;
    const auto request = [&](int filters) {
        return ScanRequest(endpoint, identity, state->user_id, state->projection,
                           {question.filters, static_cast<size_t>(filters)});
    };
    if (question.filter_count > 0 && !staged && MayFilter(endpoint, identity)) {
        Call(state, request(question.filter_count), session);
        if (!MayHaveCutFiltered(state->answer, endpoint, identity)) return;
        pfree(state->answer.body);
    }
    Request whole = request(0);
    whole.head.session = session;
    Call(state, whole, session);
    RequireUncut(whole, identity, endpoint, &state->answer);
}

void ReadAnswer(ScanState *state, const Endpoint *endpoint, const Question &question) {
    const TableName table = state->identity->name();
    const common::SessionUse session = PrepareRead(endpoint, table, state->snapshot);
    const bool staged = HasStagedWrites(endpoint, table);
    const bool lookup =
        question.keyed && !PrefersScan(state, question) && !(staged && MayFindPartialRows(question.keys));
    if (lookup) {
        Call(state, MakeLookup(state, endpoint, question), session);
    } else {
        Scan(state, endpoint, question, session, staged);
    }
    if (state->counts_rows) state->counts.rows += static_cast<uint64_t>(CountRows(state->answer));
    state->reader = OpenRows(state->answer, &state->projection);
    state->has_rows = true;
}

}  // namespace

void Fetch(ScanState *state, ExprContext *econtext) {
    MemoryContextReset(state->answer_context);
    state->answer = {};
    state->asked = nullptr;
    state->has_rows = false;
    const MemoryContext old = MemoryContextSwitchTo(state->answer_context);
    const Question question = Ask({state->conditions, static_cast<size_t>(state->condition_count)}, econtext);
    if (!question.nothing) {
        const Endpoint *endpoint = GetEndpoint(state->identity->server_id);
        const ReadScope scope = ScopeOfRead(endpoint, state->identity, question.user, !state->is_target);
        state->user_id = scope.user_id != nullptr ? pstrdup(scope.user_id) : nullptr;
        if (state->user_id != nullptr) state->user_id_datum = CStringGetTextDatum(state->user_id);
        if (!scope.nothing) ReadAnswer(state, endpoint, question);
    }
    MemoryContextSwitchTo(old);
    state->fetched = true;
}

}  // namespace kalam::backend::fdw
