// The state of remote transactions and the calls that begin, stage, commit and restart them (remote_xact.h).
// Called by xact.cc and writes.cc. Raises on failure unless a name says otherwise.
#include "backend/remote_xact.h"

extern "C" {
#include "access/xact.h"
}

#include "backend/deleted_keys.h"
#include "backend/guc.h"
#include "backend/leaders.h"
#include "backend/plain_write.h"
#include "backend/writes.h"

namespace kalam::backend {

using common::Operation;
using common::SessionUse;

namespace {

List *remote_xacts = NIL;  // of RemoteXact *, in TopTransactionContext

Request TransactionRequest(const Endpoint *endpoint, Operation operation) {
    Request request = Request::Plain(endpoint, operation);
    request.head.session = SessionUse::kTransaction;
    return request;
}

void MakeUnusable(RemoteXact *remote, const char *why) {
    if (remote->unusable == nullptr) remote->unusable = why;
}

[[noreturn]] void ThrowUnusable(const RemoteXact *remote) {
    ereport(ERROR, errcode(ERRCODE_TRANSACTION_ROLLBACK),
            errmsg("the transaction on KalamDB server \"%s\" cannot go on", remote->endpoint->address),
            errdetail("%s", remote->unusable), errhint("Roll the transaction back and run it again."));
    pg_unreachable();
}

[[noreturn]] void ThrowEpochChanged(RemoteXact *remote) {
    remote->open = false;
    MakeUnusable(remote, "The pg_kalam worker restarted, and the remote transaction was lost with it.");
    ereport(ERROR, errcode(ERRCODE_CONNECTION_FAILURE),
            errmsg("lost the transaction on KalamDB server \"%s\"", remote->endpoint->address),
            errdetail("%s", remote->unusable), errhint("Run the transaction again."));
    pg_unreachable();
}

bool IsWrite(Operation operation) {
    return operation != Operation::kScan && operation != Operation::kLookup;
}

// What the entry occupies.
uint64_t SpaceOf(const WriteEntry *entry) {
    return sizeof(ListCell) + GetMemoryChunkSpace(const_cast<WriteEntry *>(entry)) +
           GetMemoryChunkSpace(entry->request) + GetMemoryChunkSpace(entry->request->body.data);
}

// Gives back what a buffer that nothing is added to any more has beyond its bytes. A copy, since repalloc leaves small
// chunks as they are.
void CutToSize(StringInfo body) {
    const int size = body->len + 1;
    if (size == body->maxlen) return;
    auto *data =
        static_cast<char *>(MemoryContextAlloc(GetMemoryChunkContext(body->data), static_cast<Size>(size)));
    memcpy(data, body->data, static_cast<size_t>(size));
    pfree(body->data);
    body->data = data;
    body->maxlen = size;
}

// Drops the journal: from now on only a transaction without rollbacks to savepoints can go on.
void LoseJournal(RemoteXact *remote) {
    ListCell *cell;
    remote->journal_lost = true;
    foreach (cell, remote->journal) {
        auto *entry = static_cast<WriteEntry *>(lfirst(cell));
        remote->lost_level = Max(remote->lost_level, entry->level);
        FreeEntry(entry);
    }
    list_free(remote->journal);
    remote->journal = NIL;
    remote->journal_bytes = 0;
}

void Journal(RemoteXact *remote, WriteEntry *entry) {
    if (entry->request->head.operation == Operation::kDelete) ++remote->deletes;
    CutToSize(&entry->request->body);
    const MemoryContext old = MemoryContextSwitchTo(TopTransactionContext);
    remote->journal = lappend(remote->journal, entry);
    remote->journal_bytes += SpaceOf(entry);
    MemoryContextSwitchTo(old);
    const uint64_t limit = static_cast<uint64_t>(guc::savepoint_journal_limit_kb) * 1024;
    if (remote->journal_lost || remote->journal_bytes > limit) LoseJournal(remote);
}

// Below REPEATABLE READ a table is read in autocommit until the transaction changes it. From then on it is read in the
// remote transaction, which must not go back behind what was seen: it is begun anew.
void RenewFor(RemoteXact *remote, const TableName &table) {
    if (!remote->open || !WasReadSinceBegin(remote, table) || HasChanged(remote, table)) return;
    remote->must_restart = true;
}

// The table of all rows that were inserted, for the server does not name the one that it refuses a row of at commit;
// InvalidOid: there are several, or it is not known any more.
Oid OnlyInsertedTable(const RemoteXact *remote) {
    Oid relid = InvalidOid;
    if (remote->journal_lost) return relid;
    ListCell *cell;
    foreach (cell, remote->journal) {
        const auto *entry = static_cast<const WriteEntry *>(lfirst(cell));
        if (entry->request->head.operation != Operation::kInsert || entry->relid == relid) continue;
        if (OidIsValid(relid)) return InvalidOid;
        relid = entry->relid;
    }
    return relid;
}

[[noreturn]] void ThrowNotStageable(const WriteEntry *entry) {
    ereport(ERROR, errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
            errmsg("cannot insert into \"%s\" inside a transaction", entry->not_stageable),
            errdetail("KalamDB takes rows in a transaction only where the key column is named \"id\"."),
            errhint("Insert in a transaction that does nothing else in KalamDB and fits one request, or SET "
                    "kalam.bulk_load = on, which is not atomic."));
    pg_unreachable();
}

// Makes a call of the transaction at its node.
Answer TryCallAtNode(RemoteXact *remote, const Request &request) {
    const bool write = IsWrite(request.head.operation);
    if (write) remote->call_under_way = true;
    const Answer answer = TryCallOnce(AtNode(request, remote->node));
    if (write) remote->call_under_way = false;
    if (answer.head.status.Ok()) return answer;
    if (answer.head.status.cause == common::Cause::kSessionLost ||
        answer.head.status.cause == common::Cause::kWorkerGone) {
        remote->open = false;
        MakeUnusable(remote, "The session with the remote transaction was lost.");
    }
    remote->must_restart = remote->open;
    return answer;
}

// Begins at the route's node, or at another one if that cannot be reached.
void Begin(RemoteXact *remote, Route *route) {
    const Request request = TransactionRequest(remote->endpoint, Operation::kBegin);
    remote->epoch = WorkerEpoch();
    for (;;) {
        remote->node = route->node;
        const Answer answer = TryCallAtNode(remote, request);
        if (answer.head.status.Ok()) break;
        if (!FindAnother(route, request, answer)) ThrowStatus(answer, remote->endpoint);
    }
    remote->rollback = AtNode(remote->rollback, remote->node);
    remote->open = true;
    remote->read_since = NIL;
    remote->has_acted = false;
    remote->must_restart = false;
}

void BeginFor(RemoteXact *remote, const Request &first) {
    Route route = RouteOf(first);
    AvoidFailed(&route, first);
    Begin(remote, &route);
}

// Rolls the remote transaction back, whatever has become of it.
void RollbackForRestart(RemoteXact *remote) {
    const Answer answer = TryCallAtNode(remote, TransactionRequest(remote->endpoint, Operation::kRollback));
    // A refusal means that the server has no such transaction any more, which is what we want.
    if (!answer.head.status.Ok() && answer.head.status.cause != common::Cause::kServer)
        ThrowStatus(answer, remote->endpoint);
    remote->open = false;
}

// Stages the surviving journal in a new remote transaction.
void Restart(RemoteXact *remote) {
    if (remote->journal_lost) {
        MakeUnusable(remote,
                     "Its earlier writes must be staged again, and are more than "
                     "kalam.savepoint_journal_limit holds.");
        ThrowUnusable(remote);
    }
    RollbackForRestart(remote);
    remote->must_restart = false;
    if (remote->journal == NIL) return;
    // Until all of it is staged again, an error may leave any part of it behind.
    MakeUnusable(remote, "Earlier writes could not be staged again.");
    BeginFor(remote, *static_cast<const WriteEntry *>(linitial(remote->journal))->request);
    const MemoryContext context =
        AllocSetContextCreate(CurrentMemoryContext, "kalam restart", ALLOCSET_DEFAULT_SIZES);
    const MemoryContext old = MemoryContextSwitchTo(context);
    Request **requests = RequestsToStage(remote);
    for (int i = 0; i < list_length(remote->journal); ++i) {
        if (requests[i] == nullptr) continue;
        const Answer answer = TryCallTracked(remote, *requests[i]);
        if (!answer.head.status.Ok()) ThrowStatus(answer, remote->endpoint);
    }
    MemoryContextSwitchTo(old);
    MemoryContextDelete(context);
    remote->unusable = nullptr;
}

// Moves entries of `level` to the level around it.
void LowerLevels(List *entries, int level) {
    ListCell *cell;
    foreach (cell, entries) {
        auto *entry = static_cast<WriteEntry *>(lfirst(cell));
        if (entry->level >= level) entry->level = level - 1;
    }
}

// Removes the entries of `level` and deeper; how many bytes they had.
List *DropLevels(List *entries, int level, uint64_t *bytes, bool *dropped) {
    ListCell *cell;
    foreach (cell, entries) {
        auto *entry = static_cast<WriteEntry *>(lfirst(cell));
        if (entry->level < level) continue;
        *bytes -= SpaceOf(entry);
        *dropped = true;
        FreeEntry(entry);
        entries = foreach_delete_current(entries, cell);
    }
    return entries;
}

}  // namespace

RemoteXact *FindRemoteXact(const common::EndpointId &id) {
    ListCell *cell;
    foreach (cell, remote_xacts) {
        auto *remote = static_cast<RemoteXact *>(lfirst(cell));
        if (remote->endpoint->id == id) return remote;
    }
    return nullptr;
}

RemoteXact *GetRemoteXact(const Endpoint *endpoint) {
    RemoteXact *known = FindRemoteXact(endpoint->id);
    if (known != nullptr) return known;
    const MemoryContext old = MemoryContextSwitchTo(TopTransactionContext);
    auto *remote = static_cast<RemoteXact *>(palloc0(sizeof(RemoteXact)));
    remote->endpoint = CopyEndpoint(endpoint);
    remote->rollback = TransactionRequest(remote->endpoint, Operation::kRollback);
    remote_xacts = lappend(remote_xacts, remote);
    MemoryContextSwitchTo(old);
    return remote;
}

List *RemoteXacts() {
    return remote_xacts;
}

void ForgetRemoteXacts() {
    remote_xacts = NIL;
}

void RequireUsable(RemoteXact *remote) {
    if (remote->unusable != nullptr) ThrowUnusable(remote);
    if (remote->open && WorkerEpoch() != remote->epoch) ThrowEpochChanged(remote);
    if (remote->must_restart) Restart(remote);
}

void EnsureOpen(RemoteXact *remote, const Request &first) {
    RequireUsable(remote);
    if (!remote->open) BeginFor(remote, first);
}

Answer TryCallTracked(RemoteXact *remote, const Request &request) {
    Route route = RouteOf(request);
    for (;;) {
        const Answer answer = TryCallAtNode(remote, request);
        if (answer.head.status.Ok()) remote->has_acted = true;
        route.node = remote->node;
        if (remote->has_acted || !remote->open || !FindAnother(&route, request, answer)) return answer;
        pfree(answer.body);
        RollbackDetached(remote);
        Begin(remote, &route);
    }
}

void Stage(RemoteXact *remote, WriteEntry *entry) {
    if (entry->not_stageable != nullptr) ThrowNotStageable(entry);
    entry->request->head.session = SessionUse::kTransaction;
    entry->request->head.groupable = false;
    RenewFor(remote, TableOf(entry));
    EnsureOpen(remote, *entry->request);
    NoteChanged(remote, TableOf(entry));
    NoteKind(remote, entry->request->head.table_type);
    if (entry->revives) {
        Journal(remote, entry);
        Restart(remote);  // without the deletes
        return;
    }
    const Answer answer = TryCallTracked(remote, *entry->request);
    if (!answer.head.status.Ok()) ThrowRefusedWrite(answer, remote->endpoint, entry->relid);
    Journal(remote, entry);
}

void CommitRemote(RemoteXact *remote) {
    RequireUsable(remote);
    if (!remote->open) return;
    ErrorContextCallback context;
    EnterUnknownOutcome(&context, remote->endpoint);
    const Answer answer = TryCallAtNode(remote, TransactionRequest(remote->endpoint, Operation::kCommit));
    LeaveUnknownOutcome(&context);
    if (answer.head.status.Ok()) {
        remote->open = false;
        remote->committed = remote->changed != NIL;
        return;
    }
    // The server has given the transaction up when it says so itself; otherwise abort rolls it back.
    if (answer.head.status.cause == common::Cause::kServer) remote->open = false;
    CheckVanished(answer);
    ThrowRefusedWrite(answer, remote->endpoint, OnlyInsertedTable(remote));
}

void RollbackDetached(RemoteXact *remote) noexcept {
    if (!remote->open) return;
    remote->open = false;
    (void)SendDetached(remote->rollback);
}

void ReleaseLevel(RemoteXact *remote, int level) {
    LowerLevels(remote->journal, level);
    if (remote->lost_level >= level) remote->lost_level = level - 1;
}

void AbandonLevel(RemoteXact *remote, int level) {
    ++remote->deletes;
    bool staged = remote->lost_level >= level;
    remote->journal = DropLevels(remote->journal, level, &remote->journal_bytes, &staged);
    if (staged && remote->journal_lost)
        MakeUnusable(remote,
                     "A rollback to a savepoint would undo more than kalam.savepoint_journal_limit holds.");
    if (staged && remote->open) remote->must_restart = true;
    if (remote->call_under_way)
        MakeUnusable(remote, "A write to the KalamDB server was interrupted, and its outcome is not known.");
    remote->lost_level = Min(remote->lost_level, level - 1);
}

TableName TableOf(const WriteEntry *entry) {
    common::BodyReader body({entry->request->body.data, static_cast<size_t>(entry->items_at)});
    const std::string_view namespace_name = body.Field();
    return {namespace_name, body.Field(), entry->request->head.table_type};
}

void FreeEntry(WriteEntry *entry) {
    if (entry->not_stageable != nullptr) pfree(const_cast<char *>(entry->not_stageable));
    FreeRequest(entry->request);
    pfree(entry);
}

void FreeRequest(Request *request) {
    pfree(request->body.data);
    pfree(request);
}

// A row that a held-back change was made from is not there any more.
[[noreturn]] void ThrowRowVanished() {
    ereport(ERROR, errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
            errmsg("could not serialize access due to concurrent delete"),
            errhint("The row was deleted on the KalamDB server after it was read. Retry the transaction."));
    pg_unreachable();
}

void CheckVanished(const Answer &answer) {
    if (SaysRowIsMissing(answer)) ThrowRowVanished();
}

}  // namespace kalam::backend
