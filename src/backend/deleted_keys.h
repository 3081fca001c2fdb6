// Rows that a transaction deletes and inserts again. KalamDB checks the keys of inserts against the rows that are stored
// when it commits, whatever else the transaction deletes; so a row that comes back is staged as an update of all its
// columns (writes.h, ReviveRow), and the delete before it is left out when the journal is staged again. Called by
// writes.cc and remote_xact.cc. Makes no remote call.
#pragma once

#include <string_view>

#include "backend/key_set.h"
#include "backend/remote_xact.h"

namespace kalam::backend {

// Whether the transaction holds back or has staged any delete: if not, nobody need ask for keys.
bool HasDeletes(const RemoteXact *remote);

// The keys that the transaction has deleted last and not written since, of the table and user whose names begin a request's
// body as `target` says. In the current memory context.
KeySet *DeletedKeys(const RemoteXact *remote, std::string_view target);

// What is to be staged of the journal, in its order and with its length: null for deletes of which nothing is left. In the
// current memory context.
Request **RequestsToStage(const RemoteXact *remote);

}  // namespace kalam::backend
