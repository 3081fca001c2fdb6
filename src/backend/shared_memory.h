// This process's view of the shared memory region: reserved and laid out at server start, found by every
// process that was forked from the postmaster. Called by module.cc (once) and by whatever reads or writes the
// region. The region lives as long as the server; a crash-restart makes a new one.
#pragma once

#include "backend/pg.h"
#include "shm/region.h"

namespace kalam::backend {

// Installs the hooks that reserve and create the region. From _PG_init while shared libraries are preloaded.
void InitSharedMemory();

// The region, or null where the library was not preloaded.
shm::Region *SharedRegion();

// The region; raises 55000 with the hint to preload where there is none.
shm::Region &RequireRegion();

// Wakes the worker if there is one. Safe anywhere, also during an abort.
void WakeWorker(shm::Region &region);

// Slots of a backend beyond kalam.slots_per_backend, for what an abort sends: the others may all be taken by the calls
// that it has given up.
inline constexpr int kReservedSlots = 1;

// Bytes of shared memory that the region takes.
size_t SharedRegionBytes();

}  // namespace kalam::backend
