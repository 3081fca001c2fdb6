// The PostgreSQL half of the background worker, piece by piece. PG zone: no owning C++ types. Everything is
// called by the main thread, but for the two functions of wake.cc.
#pragma once

#include "backend/pg.h"
#include "shm/region.h"
#include "worker/rpc/bridge.h"

namespace kalam::worker {

// ---- config.cc: the kalam.* parameters by name (backend/guc.h is their manual).
rpc::Config ReadConfig();

// ---- logging.cc
// Writes what the engine has to say to the server log, as far as kalam.worker_log_level lets it through.
void WriteLog(rpc::Engine *engine);

// ---- intake.cc
// Hands signals from the lanes to the engine, those of the control lane first. True if there may be more; it
// returns now and then so that the loop can look after other things.
bool TakeSignals(shm::Region *region, rpc::Engine *engine);

// ---- publish.cc: what the header of the region says of the worker.
// The region that pg_kalam.so has made in the postmaster; FATAL if there is none.
shm::Region *FindRegion();
// A new epoch begins. Returns its number.
uint32_t PublishStart(shm::Region *region);
void PublishReady(shm::Region *region);
// From here on requests fail at once; then nobody is the worker any more. Nothing happens if another process is.
void PublishStopping(shm::Region *region);
void PublishStopped(shm::Region *region);

// ---- wake.cc: called by both threads, without any lock.
// Remembers whose latch WakeMain sets. Before the engine starts.
void InitWake();
void WakeBackend(int32_t procno) noexcept;
void WakeMain() noexcept;

}  // namespace kalam::worker
