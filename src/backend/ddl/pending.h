// Remote DDL that belongs to the current transaction: what was done remotely and must be undone if the
// transaction (or its subtransaction) aborts, and what must wait until the transaction is about to commit
// because it cannot be undone (DROP). Filled by the statement handlers of ddl/; ended by xact.cc, the only
// file with transaction callbacks.
//
// The list lives in TopTransactionContext and forgets itself with it, so nothing needs to be called after a
// commit. Entries hold the endpoint they were made with: at abort the catalogs cannot be read, and at
// PRE_COMMIT the server may have been dropped by the same transaction.
//
// Everything here does nothing remotely while kalam.mirror_ddl is off.
#pragma once

#include "backend/endpoint.h"
#include "backend/pg.h"

extern "C" {
#include "access/xact.h"
}

namespace kalam::backend::ddl {

// ---- for the handlers of ddl/ ----

// Carries `sql` out on the server at once and returns the server's message (palloc'd). Raises what the
// server says. For what need not be undone (CREATE NAMESPACE IF NOT EXISTS, filling a new column).
const char *RunRemote(const Endpoint *endpoint, const char *sql);

// As RunRemote; `undo_sql` is carried out if the current (sub)transaction or one around it aborts. When
// `sql` fails, nothing is undone unless the outcome is unknown.
void RunUndoable(const Endpoint *endpoint, const char *sql, const char *undo_sql);

// Carries `sql` out on the server at PRE_COMMIT, unless the (sub)transaction that asked for it aborts.
void RunAtPreCommit(const Endpoint *endpoint, const char *sql);

// Before a table is created: if a DROP of the same table is waiting for PRE_COMMIT (the same `drop_sql`), it is
// carried out now where no savepoint lies between the CREATE and the DROP of the table, and refused (0A000) otherwise, since the
// rollback could not bring the old table back.
void SettlePendingDrop(const Endpoint *endpoint, const char *drop_sql, const char *table);

// Whether this (sub)transaction has done what `undo_sql` undoes when it aborts.
bool IsToBeUndone(const Endpoint *endpoint, const char *undo_sql);

// Keeps a server's endpoint for the rest of the transaction, for a statement that may drop the
// user mapping before the tables.
void RememberEndpoint(const Endpoint *endpoint);

// The endpoint that was remembered for a server, else GetEndpoint(server_id).
const Endpoint *RememberedEndpoint(Oid server_id);

// ---- for xact.cc ----

// Carries the deferred statements out in the order they were given. Raises at the first that fails, which
// aborts the transaction. After the remote transactions have committed.
void PendingDdlPreCommit();

// Undoes, newest first, soon. Never raises: what cannot be undone, or perhaps was not, is a WARNING that names the statement. At
// XACT_EVENT_ABORT, after the remote transactions were rolled back.
void PendingDdlAbort();

// For SUBXACT_EVENT_COMMIT_SUB and SUBXACT_EVENT_ABORT_SUB (others are ignored); `nest_level` is the level of
// the ending subtransaction (GetCurrentTransactionNestLevel() in the callback). Never raises on abort.
void PendingDdlSubXact(SubXactEvent event, int nest_level);

// Whether anything is pending: PREPARE TRANSACTION is then refused.
bool HasPendingDdl();

}  // namespace kalam::backend::ddl
