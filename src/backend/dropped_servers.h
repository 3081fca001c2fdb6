// Foreign servers that the current transaction drops: once it has committed, the worker closes the sessions that
// it holds for them. Fed by the object access hook (ddl/), ended by xact.cc. A server whose drop is rolled back to
// a savepoint may be announced too: its sessions are then opened again by the next call.
#pragma once

#include "backend/pg.h"

namespace kalam::backend {

// A foreign server, ours or not, is being dropped.
void ServerIsDropped(Oid server_id);

// At XACT_EVENT_COMMIT: tells the worker. Never raises.
void AnnounceDroppedServers() noexcept;

// The transaction has ended, either way.
void ForgetDroppedServers() noexcept;

}  // namespace kalam::backend
