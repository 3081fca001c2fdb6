// Remote DDL that belongs to the current transaction: what was done remotely and must be undone if the
// transaction (or its subtransaction) aborts, and what must wait until the transaction is about to commit
// because it cannot be undone (DROP). Filled by the statement handlers of ddl/; ended by xact.cc, the only
// file with transaction callbacks.
//
// The list lives in TopTransactionContext and forgets itself with it, so nothing needs to be called after a
// commit. Entries carry copies of their endpoints: at abort the catalogs cannot be read, and at PRE_COMMIT
// the server may have been dropped by the same transaction.
#pragma once

#include "backend/endpoint.h"
#include "backend/pg.h"

extern "C" {
#include "access/xact.h"
}

namespace kalam::backend::ddl {

// ---- for the handlers of ddl/ ----

// Carries `sql` out on the server at once; `undo_sql` is carried out if the current (sub)transaction or one
// around it aborts. Raises what the server says; then nothing is undone unless the outcome is unknown.
void RunUndoable(const Endpoint *endpoint, const char *sql, const char *undo_sql);

// Carries `sql` out on the server at PRE_COMMIT, unless the (sub)transaction that asked for it aborts.
void RunAtPreCommit(const Endpoint *endpoint, const char *sql);

// ---- for xact.cc ----

// Carries the deferred statements out in the order they were given. Raises at the first that fails, which
// aborts the transaction. After the remote transactions have committed.
void PendingDdlPreCommit();

// Undoes, newest first. Never raises: what cannot be undone is a WARNING that names the statement. At
// XACT_EVENT_ABORT, after the remote transactions were rolled back.
void PendingDdlAbort();

// For SUBXACT_EVENT_COMMIT_SUB and SUBXACT_EVENT_ABORT_SUB (others are ignored); `nest_level` is the level of
// the ending subtransaction (GetCurrentTransactionNestLevel() in the callback). Never raises on abort.
void PendingDdlSubXact(SubXactEvent event, int nest_level);

// Whether anything is pending: PREPARE TRANSACTION is then refused.
bool HasPendingDdl();

}  // namespace kalam::backend::ddl
