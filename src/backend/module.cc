// The life of the library: what is set up when PostgreSQL loads it. Nothing calls this file but the loader.
// With shared_preload_libraries it also reserves shared memory and registers the worker; loaded later, the
// functions that need neither still work, and the others raise a hint.
#include "backend/ddl/ddl.h"
#include "backend/fdw/conflict_target.h"
#include "backend/guc.h"
#include "backend/pg.h"
#include "backend/shared_memory.h"
#include "backend/xact.h"

extern "C" {
#include "miscadmin.h"
#include "postmaster/bgworker.h"

PG_MODULE_MAGIC;
void _PG_init(void);
}

namespace kalam::backend {

namespace {

void RegisterWorker() {
    BackgroundWorker worker = {};
    worker.bgw_flags = BGWORKER_SHMEM_ACCESS;
    worker.bgw_start_time = BgWorkerStart_ConsistentState;
    worker.bgw_restart_time = 1;  // seconds
    strlcpy(worker.bgw_name, "pg_kalam worker", BGW_MAXLEN);
    strlcpy(worker.bgw_type, "pg_kalam worker", BGW_MAXLEN);
    strlcpy(worker.bgw_library_name, "pg_kalam_worker", sizeof worker.bgw_library_name);
    strlcpy(worker.bgw_function_name, "kalam_worker_main", BGW_MAXLEN);
    RegisterBackgroundWorker(&worker);
}

}  // namespace

}  // namespace kalam::backend

void _PG_init(void) {
    const bool preloaded = process_shared_preload_libraries_in_progress;
    kalam::backend::guc::DefineAll(preloaded);
    if (preloaded) {
        kalam::backend::InitSharedMemory();
        kalam::backend::RegisterWorker();
    }
    kalam::backend::InitXact();
    kalam::backend::ddl::InitDdl();
    kalam::backend::fdw::InitConflictTarget();
}
