// Remembers dropped servers for the length of a transaction (dropped_servers.h). The list lies in
// TopTransactionContext, which goes by itself.
#include "backend/dropped_servers.h"

#include "backend/shared_memory.h"

extern "C" {
#include "miscadmin.h"
}

namespace kalam::backend {

namespace {

List *dropped = NIL;  // of oids

}  // namespace

void ServerIsDropped(Oid server_id) {
    const MemoryContext caller = MemoryContextSwitchTo(TopTransactionContext);
    dropped = lappend_oid(dropped, server_id);
    MemoryContextSwitchTo(caller);
}

void AnnounceDroppedServers() noexcept {
    shm::Region *region = SharedRegion();
    if (region == nullptr || dropped == NIL) return;
    ListCell *cell;
    foreach (cell, dropped) {
        // A full lane loses the signal: the sessions then end when they have been idle for long enough.
        region->control().Push({.kind = shm::SignalKind::kServerDropped,
                                .slot = {.index = MyDatabaseId, .generation = lfirst_oid(cell)}});
    }
    WakeWorker(*region);
}

void ForgetDroppedServers() noexcept {
    dropped = NIL;
}

}  // namespace kalam::backend
