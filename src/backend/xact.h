// The transaction as the rest of the backend sees it: before a read or a write each caller says what it is
// about to do, and learns on which session it must travel. The only file with transaction callbacks. Called
// by fdw/ (reads; its writes go through writes.h), ddl/ and functions/.
//
// At PRE_COMMIT, in this order: what is held back goes out or is staged, remote transactions commit, pending
// remote DDL (ddl/pending.h) is carried out. At ABORT: remote transactions are rolled back (detached), remote
// CREATEs are undone. Subtransactions, which the server does not have, are replayed from a journal
// (remote_xact.h).
#pragma once

#include "backend/client.h"
#include "backend/endpoint.h"
#include "backend/pg.h"
#include "backend/request.h"

namespace kalam::backend {

// Registers the callbacks. Once, from _PG_init.
void InitXact();

// A read of a table is about to be made by a command that sees what was written before command `snapshot`
// (the curcid of its snapshot). What earlier commands hold back for that table is staged, so that it is
// seen. The session that the read must use: the remote transaction's where the table was changed in it, or where
// the isolation level promises one snapshot (REPEATABLE READ, SERIALIZABLE), or where it could not be begun anew (its journal
// is lost); autocommit otherwise, as always for streams and for tables of another kind than it is about.
common::SessionUse PrepareRead(const Endpoint *endpoint, const TableName &table, CommandId snapshot);

// As Call and TryCall (client.h), for anything that may travel in the remote transaction: a failure there is
// remembered, because the server may have given the transaction up.
Answer CallInXact(const Request &request);
Answer TryCallInXact(const Request &request);

// Whether the remote transaction has changed the table: the server then shows the changed rows whatever a
// filter says, as partial rows, so that none may be sent.
bool HasStagedWrites(const Endpoint *endpoint, const TableName &table);

// Rows have been changed on the server outside the remote transaction (a new column's default, written by DDL):
// its next use begins it anew and stages again what it had, so that the transaction sees them.
void RefreshRemoteTransaction(const Endpoint *endpoint);
// Whether that is possible: not once it has staged more than kalam.savepoint_journal_limit.
bool CanRefreshRemoteTransaction(const Endpoint *endpoint);

// Stages everything held back for every server: before DDL and kalam_exec, whose statements must see it.
void FlushHeldBack();

}  // namespace kalam::backend
