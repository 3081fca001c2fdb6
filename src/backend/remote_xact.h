// The remote transaction of one endpoint within the current transaction: begun lazily, written to by
// staging, committed or rolled back by xact.cc, and begun anew with what counts of the journal: after a rollback to a
// savepoint, for a row that comes back (deleted_keys.h), and when its snapshot is older than what was read. Called by xact.cc and writes.cc only. Everything lives in TopTransactionContext
// and is forgotten with it.
//
// What the server does to a transaction that we must not miss: after some errors it gives the transaction
// up and continues the session in autocommit; a call that we stopped waiting for may still act. So a failed
// call makes the transaction be rolled back and staged again before anything else (where a savepoint let the
// local transaction survive), and a write that was cut off, or a worker that restarted, makes it unusable.
#pragma once

#include <string_view>

#include "backend/client.h"
#include "backend/pg.h"
#include "backend/request.h"

namespace kalam::backend {

// A write that was held back or staged. Made in TopTransactionContext.
struct WriteEntry {
    int level;                  // nesting level of the subtransaction that it belongs to
    Oid relid;                  // the local table; it may be gone
    Request *request;           // owned
    int items_at;               // where the items begin in the request's body
    bool revives;               // updates that bring deleted rows back (deleted_keys.h)
    const char *not_stageable;  // owned: the table, if its rows cannot be staged; null: they can
};

struct RemoteXact {
    const Endpoint *endpoint;  // a copy of the configured one
    const Endpoint *node;      // where the transaction was begun; null: nowhere yet
    Request rollback;          // made beforehand: at abort nothing should be allocated
    bool open;
    bool has_acted;        // it has read or staged something, and so is bound to the node
    bool committed;        // at the end: changes of it are there to stay
    uint32_t epoch;        // of the worker that the transaction was begun with
    bool call_under_way;   // a write whose answer we have not seen
    bool must_restart;     // roll back and stage the journal again before the next use
    const char *unusable;  // why the local transaction cannot go on; null: it can
    List *held;  // of WriteEntry *: writes of the top level not sent yet, one for each table and user
    uint64_t held_bytes;
    List *journal;  // of WriteEntry *: staged, oldest first
    uint64_t journal_bytes;
    bool journal_lost;  // it grew over its limit and was dropped
    int lost_level;     // journal_lost: the deepest level that staged anything
    uint64_t deletes;   // changes when a delete was held back or staged, or may have been undone
    bool has_kind;      // it has read or staged something, of shared tables or of those of users:
    bool of_shared;     // the server lets a transaction touch one kind only
    List *changed;      // of char *: "namespace.table" of the tables written to
    List *read_since;   // the same of tables read in autocommit since the remote transaction was begun
};

// The state of an endpoint; made at its first use.
RemoteXact *GetRemoteXact(const Endpoint *endpoint);
// The same, null if there is none.
RemoteXact *FindRemoteXact(const common::EndpointId &id);
// All of them, in the order of their first use (List of RemoteXact *).
List *RemoteXacts();
// Forgets them at the end of the transaction; their memory goes with its context.
void ForgetRemoteXacts();

// Raises if the transaction cannot go on; restarts the remote transaction where that is due.
void RequireUsable(RemoteXact *remote);

// Begins the remote transaction if it is not open, at the node that leads the data of `first`, its first request.
void EnsureOpen(RemoteXact *remote, const Request &first);

// Sends the write in the remote transaction (begun if need be) and remembers it in the journal, which takes
// it over. Raises for a row that the server can only take outside a transaction.
void Stage(RemoteXact *remote, WriteEntry *entry);

// ---- held_back.cc: writes that wait for the end of the transaction

// Holds the write back if that is possible: nothing else is held, or only rows, and together they fit one
// request. Takes it over then.
bool TryHold(RemoteXact *remote, WriteEntry *entry);

// Whether the server takes what is held back in a transaction.
bool IsHeldStageable(const RemoteXact *remote);

// Stages what is held back.
void StageHeld(RemoteXact *remote);

// Sends what is held back, which is for one table and user, as one plain request.
void SendHeld(RemoteXact *remote);

// ---- the end

// Commits; raises what the server says.
void CommitRemote(RemoteXact *remote);

// Never raises, never waits.
void RollbackDetached(RemoteXact *remote) noexcept;

// The subtransaction of this level has been released, or rolled back. Never raises.
void ReleaseLevel(RemoteXact *remote, int level);
void AbandonLevel(RemoteXact *remote, int level);

// ---- xact_tables.cc: the tables that it touches

// The kind of the tables that the remote transaction is about; the first one decides.
void NoteKind(RemoteXact *remote, common::TableType type);

// A table has been read in autocommit: what was seen may be newer than the remote transaction's snapshot.
void NoteRead(RemoteXact *remote, const TableName &table);
bool WasReadSinceBegin(const RemoteXact *remote, const TableName &table);

// Something was staged for the table.
void NoteChanged(RemoteXact *remote, const TableName &table);
bool HasChanged(const RemoteXact *remote, const TableName &table);

// ---- calls

// Makes a call of the open remote transaction and keeps the flags above in order. As long as nothing has been read or
// staged in it, it follows the leader: it is begun anew at the node that a refusal names (leaders.h).
Answer TryCallTracked(RemoteXact *remote, const Request &request);

// The table that a write is for: views into its request.
TableName TableOf(const WriteEntry *entry);

// Frees a write and its request.
void FreeEntry(WriteEntry *entry);
void FreeRequest(Request *request);

// Raises 40001 if the answer to an update says that its row is not there any more.
void CheckVanished(const Answer &answer);
[[noreturn]] void ThrowRowVanished();

}  // namespace kalam::backend
