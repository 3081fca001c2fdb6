// The list of remote DDL that belongs to the current transaction (pending.h). Called by ddl/ and, at the ends of
// (sub)transactions, by xact.cc. One list per backend; no other process sees it.
#include "backend/ddl/pending.h"

#include "backend/client.h"
#include "backend/guc.h"
#include "backend/xact.h"

extern "C" {
#include "storage/ipc.h"
#include "utils/memutils.h"
}

namespace kalam::backend::ddl {

namespace {

using common::Operation;
using common::Outcome;

// What an abort may take: the backend waits for its undo, so that the next statement sees its effect.
constexpr uint32_t kUndoTimeoutMs = 5000;

enum class When : uint8_t { kAtAbort, kAtPreCommit };

struct PendingStatement {
    When when;
    bool confirmed;  // kAtAbort: the server said that it did what is to be undone
    int level;       // of the subtransaction it belongs to
    const Endpoint *endpoint;
    const char *sql;
};

// Oldest first; in TopTransactionContext. Endpoints live to the end of the transaction (endpoint.h).
List *pending = NIL;
List *remembered = NIL;
bool forgets_with_transaction = false;

void ForgetAll(void *) {
    pending = NIL;
    remembered = NIL;
    forgets_with_transaction = false;
}

// Makes the lists end with the transaction.
void BindToTransaction() {
    if (forgets_with_transaction) return;
    auto *callback = static_cast<MemoryContextCallback *>(
        MemoryContextAllocZero(TopTransactionContext, sizeof(MemoryContextCallback)));
    callback->func = ForgetAll;
    MemoryContextRegisterResetCallback(TopTransactionContext, callback);
    forgets_with_transaction = true;
}

void UndoBeforeExit(int, Datum);

// A backend that ends in a transaction aborts it when nothing can be sent any more; what it must undo is sent
// before. Callbacks run in the opposite order of their registration, so this one comes after the client's, which
// the first remote call has registered.
void BindToExit() {
    static bool bound = false;
    if (bound) return;
    before_shmem_exit(UndoBeforeExit, Datum{0});
    bound = true;
}

PendingStatement *Add(When when, const Endpoint *endpoint, const char *sql) {
    BindToTransaction();
    const MemoryContext caller = MemoryContextSwitchTo(TopTransactionContext);
    auto *statement = static_cast<PendingStatement *>(palloc(sizeof(PendingStatement)));
    *statement = {.when = when,
                  .confirmed = false,
                  .level = GetCurrentTransactionNestLevel(),
                  .endpoint = endpoint,
                  .sql = pstrdup(sql)};
    pending = lappend(pending, statement);
    MemoryContextSwitchTo(caller);
    return statement;
}

Answer TrySql(const Endpoint *endpoint, const char *sql, uint32_t timeout_ms) {
    Request request = Request::Sql(endpoint, Operation::kExecuteSql, sql);
    request.head.timeout_ms = timeout_ms;
    return TryCall(request);
}

// Adds to an error which statement the server was given, since it is not the user's.
void DescribeStatement(void *sql) {
    errcontext("KalamDB statement: %s", static_cast<const char *>(sql));
}

// Carries the statement out; raises a failure. `undo` is forgotten where certainly nothing was done.
const char *RunSql(const Endpoint *endpoint, const char *sql, PendingStatement *undo) {
    ErrorContextCallback context = {
        .previous = error_context_stack, .callback = DescribeStatement, .arg = const_cast<char *>(sql)};
    error_context_stack = &context;
    const Answer answer = TrySql(endpoint, sql, endpoint->timeout_ms);
    if (!answer.head.status.Ok()) {
        if (undo != nullptr && answer.head.status.outcome == Outcome::kNotDone) {
            pending = list_delete_ptr(pending, undo);
        }
        ThrowStatus(answer, endpoint,
                    "Check that the server runs. To act on the definitions in PostgreSQL alone, SET "
                    "kalam.mirror_ddl = off.");
    }
    error_context_stack = context.previous;
    return answer.body;
}

PendingStatement *Find(When when, const Endpoint *endpoint, const char *sql) {
    ListCell *cell;
    foreach (cell, pending) {
        auto *statement = static_cast<PendingStatement *>(lfirst(cell));
        if (statement->when == when && statement->endpoint->id == endpoint->id &&
            strcmp(statement->sql, sql) == 0) {
            return statement;
        }
    }
    return nullptr;
}

}  // namespace

const char *RunRemote(const Endpoint *endpoint, const char *sql) {
    if (!guc::mirror_ddl) return "";
    FlushHeldBack();
    return RunSql(endpoint, sql, nullptr);
}

void RunUndoable(const Endpoint *endpoint, const char *sql, const char *undo_sql) {
    if (!guc::mirror_ddl) return;
    FlushHeldBack();
    // Noted before the call: a call that is cancelled or lost may have had its effect.
    PendingStatement *undo = Add(When::kAtAbort, endpoint, undo_sql);
    BindToExit();
    (void)RunSql(endpoint, sql, undo);
    undo->confirmed = true;
}

void RunAtPreCommit(const Endpoint *endpoint, const char *sql) {
    if (guc::mirror_ddl) Add(When::kAtPreCommit, endpoint, sql);
}

void SettlePendingDrop(const Endpoint *endpoint, const char *drop_sql, const char *table) {
    PendingStatement *drop = Find(When::kAtPreCommit, endpoint, drop_sql);
    if (drop == nullptr) return;
    PendingStatement *created = Find(When::kAtAbort, endpoint, drop_sql);
    if (created == nullptr || created->level < drop->level) {
        ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
                        errmsg("cannot create KalamDB table \"%s\" in the transaction that drops it", table),
                        errdetail("A rollback could not bring the dropped table back."),
                        errhint("Commit the DROP first.")));
    }
    (void)RunRemote(endpoint, drop_sql);
    pending = list_delete_ptr(pending, drop);
    pending = list_delete_ptr(pending, created);
}

void RememberEndpoint(const Endpoint *endpoint) {
    BindToTransaction();
    const MemoryContext caller = MemoryContextSwitchTo(TopTransactionContext);
    remembered = lappend(remembered, const_cast<Endpoint *>(endpoint));
    MemoryContextSwitchTo(caller);
}

const Endpoint *RememberedEndpoint(Oid server_id) {
    ListCell *cell;
    foreach (cell, remembered) {
        const auto *endpoint = static_cast<const Endpoint *>(lfirst(cell));
        if (endpoint->server_id == server_id) return endpoint;
    }
    return GetEndpoint(server_id);
}

// ---- the ends of transactions ----

void PendingDdlPreCommit() {
    ListCell *cell;
    foreach (cell, pending) {
        auto *statement = static_cast<PendingStatement *>(lfirst(cell));
        if (statement->when != When::kAtPreCommit) continue;
        (void)RunSql(statement->endpoint, statement->sql, nullptr);
    }
}

namespace {

void WarnNotUndone(const PendingStatement *statement, const char *reason) {
    ereport(
        WARNING,
        (errmsg("could not undo a change on KalamDB server \"%s\": %s", statement->endpoint->address, reason),
         errhint("Run this statement there when nobody needs what it removes: %s", statement->sql)));
}

// Sends an undo that nobody waits for. True: whether the server did it is never known.
bool UndoDetached(const PendingStatement *statement) {
    const Request request = Request::Sql(statement->endpoint, Operation::kExecuteSql, statement->sql);
    if (!SendDetached(request)) WarnNotUndone(statement, "the background worker cannot be reached");
    return true;
}

// Whether the server says that what was to be removed is not there: somebody else removed it.
bool SaysItIsGone(const char *text) {
    return strstr(text, "does not exist") != nullptr || strstr(text, "Not found") != nullptr;
}

// Undoes and waits. False if the server did not.
bool UndoNow(const PendingStatement *statement) {
    const Answer answer = TrySql(statement->endpoint, statement->sql, kUndoTimeoutMs);
    if (answer.head.status.Ok() || SaysItIsGone(answer.body)) return true;
    WarnNotUndone(statement, answer.body);
    // A server that hangs may do it later.
    if (answer.head.status.cause == common::Cause::kTimeout) (void)UndoDetached(statement);
    return false;
}

// Undoes one statement without raising: an error inside an abort would abort the abort. False if it failed.
bool UndoSafely(const PendingStatement *statement, bool (*undo)(const PendingStatement *statement)) {
    const MemoryContext context = CurrentMemoryContext;
    volatile bool undone = true;
    PG_TRY();
    { undone = undo(statement); }
    PG_CATCH();
    {
        MemoryContextSwitchTo(context);
        const ErrorData *error = CopyErrorData();
        FlushErrorState();
        WarnNotUndone(statement, error->message);
        undone = false;
    }
    PG_END_TRY();
    return undone;
}

// Undoes and forgets what belongs to `level` and the levels inside it. It waits for each undo, so that the next
// statement sees its effect; but not for one of a call whose outcome is unknown (the server may hang), nor after one
// that failed, nor in a backend that is on its way out.
void AbortFrom(int level) {
    bool server_answers = !proc_exit_inprogress;
    while (pending != NIL) {
        const auto *newest = static_cast<const PendingStatement *>(llast(pending));
        if (newest->level < level) return;
        // Forgotten first, so that nothing is undone twice should the abort be aborted.
        pending = list_delete_last(pending);
        if (newest->when != When::kAtAbort) continue;
        const auto undo = server_answers && newest->confirmed ? UndoNow : UndoDetached;
        if (!UndoSafely(newest, undo)) server_answers = false;
    }
}

void UndoBeforeExit(int, Datum) {
    AbortFrom(1);
}

}  // namespace

void PendingDdlAbort() {
    AbortFrom(1);
}

void PendingDdlSubXact(SubXactEvent event, int nest_level) {
    if (event == SUBXACT_EVENT_ABORT_SUB) {
        AbortFrom(nest_level);
    } else if (event == SUBXACT_EVENT_COMMIT_SUB) {
        ListCell *cell;
        foreach (cell, pending) {
            auto *statement = static_cast<PendingStatement *>(lfirst(cell));
            if (statement->level >= nest_level) statement->level = nest_level - 1;
        }
    }
}

bool HasPendingDdl() {
    return pending != NIL;
}

}  // namespace kalam::backend::ddl
