// Reserves, creates and finds the shared memory region (shared_memory.h). The hooks run in the postmaster;
// backends inherit the pointer.
#include "backend/shared_memory.h"

#include "backend/client.h"
#include "backend/guc.h"

extern "C" {
#include "miscadmin.h"
#include "storage/ipc.h"
#include "storage/lwlock.h"
#include "storage/shmem.h"
}

namespace kalam::backend {

namespace {

shm::Region *region = nullptr;
shmem_request_hook_type previous_request_hook = nullptr;
shmem_startup_hook_type previous_startup_hook = nullptr;

shm::RegionSizes SizesFromSettings() {
    const auto pages = [](int kilobytes) {
        return static_cast<uint32_t>(kilobytes) / (shm::kPageBytes / 1024);
    };
    return {
        .backends = static_cast<uint32_t>(MaxBackends),
        .slots_per_backend = static_cast<uint32_t>(guc::slots_per_backend + kReservedSlots),
        .request_pages = pages(guc::request_pool_kb),
        .answer_pages = pages(guc::answer_pool_kb),
        .queue_length = static_cast<uint32_t>(guc::queue_length),
    };
}

void OnShmemRequest() {
    if (previous_request_hook != nullptr) previous_request_hook();
    const shm::RegionSizes sizes = SizesFromSettings();
    if (uint64_t{sizes.backends} * sizes.slots_per_backend > shm::kMaxSlots) {
        ereport(ERROR, (errcode(ERRCODE_CONFIGURATION_LIMIT_EXCEEDED),
                        errmsg("pg_kalam supports at most %u slots in all", shm::kMaxSlots),
                        errhint("Lower kalam.slots_per_backend or max_connections.")));
    }
    RequestAddinShmemSpace(shm::Region::Size(sizes));
}

void OnShmemStartup() {
    if (previous_startup_hook != nullptr) previous_startup_hook();
    const shm::RegionSizes sizes = SizesFromSettings();
    LWLockAcquire(AddinShmemInitLock, LW_EXCLUSIVE);
    bool found = false;
    void *memory = ShmemInitStruct(shm::kRegionName, shm::Region::Size(sizes), &found);
    if (found) {
        region = shm::Region::Attach(memory);
    } else {
        region = shm::Region::Create(memory, sizes);
        auto &secret = region->header().secret;
        if (!pg_strong_random(secret.data(), secret.size())) {
            ereport(FATAL, (errcode(ERRCODE_INTERNAL_ERROR),
                            errmsg("could not generate random bytes for pg_kalam")));
        }
    }
    LWLockRelease(AddinShmemInitLock);
    // The worker's library shares no variables with this one; it finds the region under this name.
    *find_rendezvous_variable(shm::kRegionName) = region;
}

}  // namespace

void InitSharedMemory() {
    previous_request_hook = shmem_request_hook;
    shmem_request_hook = OnShmemRequest;
    previous_startup_hook = shmem_startup_hook;
    shmem_startup_hook = OnShmemStartup;
}

shm::Region *SharedRegion() {
    return region;
}

shm::Region &RequireRegion() {
    if (region == nullptr) {
        ereport(
            ERROR,
            (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
             errmsg("pg_kalam was not loaded at server start"),
             errhint("Add pg_kalam to shared_preload_libraries in postgresql.conf and restart the server.")));
    }
    return *region;
}

bool SharedMemoryAttached() {
    return region != nullptr;
}

void RequireSharedMemory() {
    RequireRegion();
}

void WakeWorker(shm::Region &shared) {
    // Acquire: pairs with the worker's release once its PGPROC is set up.
    const int32_t procno = shared.header().worker_procno.load(std::memory_order_acquire);
    if (procno >= 0) SetLatch(&GetPGProcByNumber(procno)->procLatch);
}

size_t SharedRegionBytes() {
    return region == nullptr ? 0 : shm::Region::Size(region->header().sizes);
}

}  // namespace kalam::backend
