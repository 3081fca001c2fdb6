// The remote side of the current transaction: which servers have an open remote transaction, what is held
// back, the journal for savepoints, and what happens at commit and abort. The only file with transaction
// callbacks. Called by fdw/ (reads and writes), ddl/ (pending actions), functions/.
//
// At PRE_COMMIT, in this order: held-back rows go out or are staged, remote transactions commit, pending
// remote DDL (ddl/pending.h) is carried out. At ABORT: remote transactions are rolled back (detached), remote
// CREATEs are undone.
#pragma once

#include "backend/catalog/table_identity.h"
#include "backend/endpoint.h"
#include "backend/pg.h"
#include "backend/request.h"

namespace kalam::backend {

// Registers the callbacks. Once, from _PG_init.
void InitXact();

// A read of a table is about to be made: what is held back for its server becomes visible to it (staged in a
// remote transaction), and in an explicit block the remote transaction is begun. The session use that the
// read's request must carry.
common::SessionUse PrepareRead(const Endpoint *endpoint);

// A write statement's rows for one table and user. Held back, staged or sent, as ARCHITECTURE.md ("Writes and
// transactions") says. `must_send_now`: the caller needs the outcome in this statement (RETURNING of server
// values, ON CONFLICT).
void AddWrite(Request *request, bool must_send_now);

// Whether a remote transaction is open, or must be opened for the next access to the server.
bool InRemoteTransaction(const Endpoint *endpoint);

// Sends or stages everything held back for every server: before DDL and kalam_exec.
void FlushHeldBack();

}  // namespace kalam::backend
