// The list of remote DDL that belongs to the current transaction (pending.h). Called by ddl/ and, at the ends of
// (sub)transactions, by xact.cc. One list per backend; no other process sees it.
#include "backend/ddl/pending.h"

#include "backend/client.h"
#include "backend/guc.h"
#include "backend/leaders.h"
#include "backend/xact.h"

extern "C" {
#include "mb/pg_wchar.h"
#include "storage/ipc.h"
#include "utils/memutils.h"
}

namespace kalam::backend::ddl {

namespace {

using common::Operation;
using common::Outcome;

// What an abort may take: the backend waits for its undo, so that the next statement sees its effect.
constexpr uint32_t kUndoTimeoutMs = 5000;
// The same after a call that was given up. It is less than the worker lets that call end by itself: an undo that is
// done in this time has certainly not overtaken it.
constexpr uint32_t kUnknownUndoTimeoutMs = common::kCancelGraceMs - 100;

enum class When : uint8_t { kAtAbort, kAtPreCommit };

struct PendingStatement {
    When when;
    bool confirmed;  // kAtAbort: the server said that it did what is to be undone
    int level;       // of the subtransaction it belongs to
    const Endpoint *endpoint;
    const char *sql;
    Request request;  // made beforehand: at abort nothing can be looked up, as encodings are
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
// before.
void BindToExit() {
    static bool bound = false;
    if (bound) return;
    PrepareForExit();
    before_shmem_exit(UndoBeforeExit, Datum{0});
    bound = true;
}

Request RequestFor(const Endpoint *endpoint, const char *sql) {
    Request request = Request::Sql(endpoint, Operation::kExecuteSql, sql);
    request.head.session = common::SessionUse::kOrdered;
    return request;
}

PendingStatement *Add(When when, const Endpoint *endpoint, const char *sql) {
    BindToTransaction();
    const MemoryContext caller = MemoryContextSwitchTo(TopTransactionContext);
    auto *statement = static_cast<PendingStatement *>(palloc(sizeof(PendingStatement)));
    *statement = {.when = when,
                  .confirmed = false,
                  .level = GetCurrentTransactionNestLevel(),
                  .endpoint = endpoint,
                  .sql = pstrdup(sql),
                  .request = RequestFor(endpoint, sql)};
    pending = lappend(pending, statement);
    MemoryContextSwitchTo(caller);
    return statement;
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
    const Answer answer = TryCall(RequestFor(endpoint, sql));
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

bool IsToBeUndone(const Endpoint *endpoint, const char *undo_sql) {
    const PendingStatement *undo = Find(When::kAtAbort, endpoint, undo_sql);
    return undo != nullptr && undo->level == GetCurrentTransactionNestLevel();
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

// The server's words as an abort can show them: without the conversion that looks things up.
const char *Printable(const char *text) {
    char *copy = pstrdup(text);
    if (GetDatabaseEncoding() == PG_UTF8) return copy;
    for (char *c = copy; *c != '\0'; ++c) {
        if (IS_HIGHBIT_SET(*c)) *c = '?';
    }
    return copy;
}

void WarnNotUndone(const PendingStatement *statement, const char *reason) {
    ereport(
        WARNING,
        (errmsg("could not undo a change on KalamDB server \"%s\": %s", statement->endpoint->address, reason),
         errhint("Run this statement there when nobody needs what it removes: %s", statement->sql)));
}

void WarnUncertain(const PendingStatement *statement) {
    ereport(WARNING, (errmsg("whether a change on KalamDB server \"%s\" was undone is not known",
                             statement->endpoint->address),
                      errdetail("What undoes it was sent, but the server is slow to answer."),
                      errhint("Run this statement there if the change is still to be seen later: %s",
                              statement->sql)));
}

// The undo, addressed to the node that is known to take it: an abort looks for none.
Request UndoRequest(const PendingStatement *statement) {
    return AtNode(statement->request, RouteOf(statement->request).node);
}

// Sends an undo that nobody waits for. True: it is on its way.
bool UndoDetached(const PendingStatement *statement) {
    Request request = UndoRequest(statement);
    // It waits for a call that was given up.
    if (request.head.timeout_ms != 0) request.head.timeout_ms = Max(request.head.timeout_ms, kUndoTimeoutMs);
    if (!SendDetached(request)) {
        WarnNotUndone(statement, "the background worker cannot be reached");
    } else if (!statement->confirmed || !proc_exit_inprogress) {
        WarnUncertain(statement);
    }
    return true;
}

// Whether the server says that what was to be removed is not there: somebody else removed it.
bool SaysItIsGone(const char *text) {
    return strstr(text, "does not exist") != nullptr || strstr(text, "Not found") != nullptr;
}

// Undoes and waits. False if the server did not.
bool UndoNow(const PendingStatement *statement) {
    Request request = UndoRequest(statement);
    request.head.timeout_ms = statement->confirmed ? kUndoTimeoutMs : kUnknownUndoTimeoutMs;
    const Answer answer = TryCallAtAbort(request);
    if (answer.head.status.Ok() || SaysItIsGone(answer.body)) return true;
    if (answer.head.status.cause == common::Cause::kTimeout) {
        (void)UndoDetached(statement);  // a server that hangs may do it later
    } else {
        WarnNotUndone(statement, Printable(answer.body));
    }
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
// statement sees its effect; but not long for one of a call whose outcome is unknown (the server may hang), nor after
// one that failed, nor in a backend that is on its way out.
void AbortFrom(int level) {
    bool server_answers = !proc_exit_inprogress;
    while (pending != NIL) {
        const auto *newest = static_cast<const PendingStatement *>(llast(pending));
        if (newest->level < level) return;
        // Forgotten first, so that nothing is undone twice should the abort be aborted.
        pending = list_delete_last(pending);
        if (newest->when != When::kAtAbort) continue;
        const auto undo = server_answers ? UndoNow : UndoDetached;
        if (!UndoSafely(newest, undo)) server_answers = false;
    }
}

void UndoBeforeExit(int, Datum) {
    GiveUpCalls();
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
