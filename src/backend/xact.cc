// The transaction callbacks, and what reads must do before they go out (xact.h). Writes come through
// writes.cc. Called by PostgreSQL at the ends of (sub)transactions, by fdw/, ddl/ and functions/.
#include "backend/xact.h"

extern "C" {
#include "access/xact.h"
#include "miscadmin.h"
#include "storage/predicate.h"
#include "storage/proc.h"
#include "utils/timeout.h"
}

#include "backend/ddl/pending.h"
#include "backend/dropped_servers.h"
#include "backend/remote_xact.h"
#include "backend/writes.h"

namespace kalam::backend {

using common::SessionUse;

namespace {

// The context of an error at commit: which servers have committed before it.
void TellCommitted(void *) {
    ListCell *cell;
    foreach (cell, RemoteXacts()) {
        const auto *remote = static_cast<const RemoteXact *>(lfirst(cell));
        if (remote->committed)
            errcontext("changes on KalamDB server \"%s\" were committed before", remote->endpoint->address);
    }
}

// Whether this is the only server that the transaction has changed.
bool IsOnlyChanged(const RemoteXact *remote) {
    ListCell *cell;
    foreach (cell, RemoteXacts()) {
        const auto *other = static_cast<const RemoteXact *>(lfirst(cell));
        if (other != remote && (other->held != NIL || other->changed != NIL)) return false;
    }
    return true;
}

// Brings what is held back to the servers. It may leave as a plain request, which commits at once, if all is in
// it. Of several servers none commits before each has got its rows, where they can be staged.
void SettleHeld() {
    ListCell *cell;
    foreach (cell, RemoteXacts()) {
        auto *remote = static_cast<RemoteXact *>(lfirst(cell));
        RequireUsable(remote);
        if (remote->open || list_length(remote->held) > 1 ||
            (!IsOnlyChanged(remote) && IsHeldStageable(remote)))
            StageHeld(remote);
    }
    foreach (cell, RemoteXacts()) SendHeld(static_cast<RemoteXact *>(lfirst(cell)));
}

void CommitRemotes() {
    ErrorContextCallback context = {
        .previous = error_context_stack, .callback = TellCommitted, .arg = nullptr};
    error_context_stack = &context;
    SettleHeld();
    ListCell *cell;
    foreach (cell, RemoteXacts()) CommitRemote(static_cast<RemoteXact *>(lfirst(cell)));
    ddl::PendingDdlPreCommit();
    error_context_stack = context.previous;
}

// PostgreSQL's statement_timeout has ended when a client's statement commits, before the calls that it waits for here: it
// runs once more for them. True if it was started; an error stops it, as it stops all timers.
bool StartStatementTimeout() {
    if (StatementTimeout <= 0 || MyBackendType != B_BACKEND || get_timeout_active(STATEMENT_TIMEOUT))
        return false;
    enable_timeout_after(STATEMENT_TIMEOUT, StatementTimeout);
    return true;
}

void PreCommit() {
    if (RemoteXacts() == NIL && !ddl::HasPendingDdl()) return;
    // PostgreSQL would ask only after us, when the remote side is committed. Once this has passed, nobody else's
    // transaction can make ours fail.
    PreCommit_CheckForSerializationFailure();
    const bool started = StartStatementTimeout();
    StageOpenWrites();
    CommitRemotes();
    if (started) disable_timeout(STATEMENT_TIMEOUT, false);
}

void Abort() {
    GiveUpCalls();
    ListCell *cell;
    foreach (cell, RemoteXacts()) RollbackDetached(static_cast<RemoteXact *>(lfirst(cell)));
    ddl::PendingDdlAbort();
}

void Forget() {
    ForgetRemoteXacts();
    ForgetWrites();
    ForgetDroppedServers();
}

void RefusePrepare() {
    if (RemoteXacts() == NIL && !ddl::HasPendingDdl()) return;
    ereport(ERROR, errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
            errmsg("cannot PREPARE a transaction that has operated on KalamDB tables"));
}

void OnXactEvent(XactEvent event, void *) {
    switch (event) {
        case XACT_EVENT_PRE_COMMIT:
            PreCommit();
            return;
        case XACT_EVENT_PRE_PREPARE:
            RefusePrepare();
            return;
        case XACT_EVENT_ABORT:
            Abort();
            Forget();
            return;
        case XACT_EVENT_COMMIT:
            AnnounceDroppedServers();
            Forget();
            return;
        case XACT_EVENT_PREPARE:
            Forget();
            return;
        case XACT_EVENT_PARALLEL_PRE_COMMIT:
        case XACT_EVENT_PARALLEL_COMMIT:
        case XACT_EVENT_PARALLEL_ABORT:
            return;  // foreign scans do not run in parallel workers
    }
}

// Whether a table is of the kind that the remote transaction is about, if it is about any yet. Streams have no transactions.
bool FitsIn(const RemoteXact *remote, const TableName &table) {
    if (table.type == common::TableType::kStream) return false;
    return !remote->has_kind || remote->of_shared == (table.type == common::TableType::kShared);
}

// Whether a read must travel in the remote transaction: to see what the transaction has changed, or to keep the
// snapshot that REPEATABLE READ promises. Any other read is in autocommit, as READ COMMITTED has it: that costs
// no call more, and the server lets a transaction read tables of one kind (all shared ones, or users') only.
bool ReadsInTransaction(const RemoteXact *remote, const TableName &table) {
    if (remote->open && HasChanged(remote, table)) return true;
    if (!FitsIn(remote, table)) return false;
    if (IsTransactionBlock() && IsolationUsesXactSnapshot()) return true;
    // Where the remote transaction cannot be begun anew, should this table be changed after all.
    return remote->open && remote->journal_lost;
}

void OnSubXactEvent(SubXactEvent event, SubTransactionId, SubTransactionId, void *) {
    if (event != SUBXACT_EVENT_COMMIT_SUB && event != SUBXACT_EVENT_ABORT_SUB) return;
    const int level = GetCurrentTransactionNestLevel();
    const bool commit = event == SUBXACT_EVENT_COMMIT_SUB;
    if (!commit) GiveUpCalls();
    if (!commit) AbandonWrites(level);
    ListCell *cell;
    foreach (cell, RemoteXacts()) {
        auto *remote = static_cast<RemoteXact *>(lfirst(cell));
        commit ? ReleaseLevel(remote, level) : AbandonLevel(remote, level);
    }
    ddl::PendingDdlSubXact(event, level);
}

}  // namespace

void InitXact() {
    RegisterXactCallback(OnXactEvent, nullptr);
    RegisterSubXactCallback(OnSubXactEvent, nullptr);
}

SessionUse PrepareRead(const Endpoint *endpoint, const TableName &table, CommandId snapshot) {
    RemoteXact *remote = GetRemoteXact(endpoint);
    RequireUsable(remote);
    if (HasHeldFor(remote, table)) StageHeld(remote);
    StageEarlierWrites(remote, snapshot);
    if (!ReadsInTransaction(remote, table)) {
        NoteRead(remote, table);
        return SessionUse::kAny;
    }
    NoteKind(remote, table.type);
    return SessionUse::kTransaction;
}

Answer TryCallInXact(const Request &request) {
    if (request.head.session != SessionUse::kTransaction) return TryCall(request);
    RemoteXact *remote = GetRemoteXact(request.endpoint);
    EnsureOpen(remote, request);
    return TryCallTracked(remote, request);
}

Answer CallInXact(const Request &request) {
    const Answer answer = TryCallInXact(request);
    if (!answer.head.status.Ok()) ThrowStatus(answer, request.endpoint);
    return answer;
}

bool HasStagedWrites(const Endpoint *endpoint, const TableName &table) {
    const RemoteXact *remote = FindRemoteXact(endpoint->id);
    return remote != nullptr && remote->open && HasChanged(remote, table);
}

void RefreshRemoteTransaction(const Endpoint *endpoint) {
    RemoteXact *remote = FindRemoteXact(endpoint->id);
    if (remote != nullptr && remote->open && !remote->journal_lost) remote->must_restart = true;
}

bool CanRefreshRemoteTransaction(const Endpoint *endpoint) {
    const RemoteXact *remote = FindRemoteXact(endpoint->id);
    return remote == nullptr || !remote->journal_lost;
}

void FlushHeldBack() {
    StageOpenWrites();
    ListCell *cell;
    foreach (cell, RemoteXacts()) {
        auto *remote = static_cast<RemoteXact *>(lfirst(cell));
        RequireUsable(remote);
        StageHeld(remote);
    }
}

}  // namespace kalam::backend
