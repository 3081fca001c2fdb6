// How a catalog cache gives up an entry that somebody may still be reading: its memory lives on to the end of
// the transaction. Called by endpoint.cc and table_identity.cc. A pointer into such a cache is therefore good
// until the transaction ends, whatever is invalidated meanwhile.
#pragma once

#include "backend/pg.h"

namespace kalam::backend::catalog {

inline void RetireContext(MemoryContext memory) {
    MemoryContextSetParent(memory, TopTransactionContext);
}

}  // namespace kalam::backend::catalog
