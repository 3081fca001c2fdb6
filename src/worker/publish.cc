// What the region's header says of the worker. Written by the worker only, read by every backend.
#include "backend/pg.h"

extern "C" {
#include "miscadmin.h"
#include "storage/proc.h"
#include "utils/timestamp.h"
}

#include "worker/worker.h"

namespace kalam::worker {

using shm::WorkerState;

namespace {

// A process that was started in our place must not be thrown out by our exit.
bool IsOurs(shm::Region *region) {
    return region->header().worker_pid.load(std::memory_order_relaxed) == MyProcPid;
}

}  // namespace

shm::Region *FindRegion() {
    // Our library shares no variables with pg_kalam.so, which has left the region's address under this name.
    auto *region = static_cast<shm::Region *>(*find_rendezvous_variable(shm::kRegionName));
    if (region == nullptr) {
        ereport(FATAL, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
                        errmsg("the pg_kalam worker found no shared memory of pg_kalam"),
                        errhint("Add pg_kalam to shared_preload_libraries in postgresql.conf.")));
    }
    return region;
}

uint32_t PublishStart(shm::Region *region) {
    shm::Header &header = region->header();
    header.worker_state.store(WorkerState::kStarting, std::memory_order_release);
    header.worker_pid.store(MyProcPid, std::memory_order_relaxed);
    header.worker_started_us.store(GetCurrentTimestamp(), std::memory_order_relaxed);
    const uint32_t epoch = header.worker_epoch.fetch_add(1, std::memory_order_acq_rel) + 1;
    // Release: who sets our latch finds it set up.
    header.worker_procno.store(backend::compat::MyProcNumber(), std::memory_order_release);
    return epoch;
}

void PublishReady(shm::Region *region) {
    // Release: who sees kReady sees the epoch.
    region->header().worker_state.store(WorkerState::kReady, std::memory_order_release);
}

void PublishStopping(shm::Region *region) {
    if (IsOurs(region))
        region->header().worker_state.store(WorkerState::kStopping, std::memory_order_release);
}

void PublishStopped(shm::Region *region) {
    if (!IsOurs(region)) return;
    shm::Header &header = region->header();
    header.worker_procno.store(-1, std::memory_order_release);
    header.worker_pid.store(0, std::memory_order_relaxed);
    header.worker_state.store(WorkerState::kStopped, std::memory_order_release);
}

}  // namespace kalam::worker
