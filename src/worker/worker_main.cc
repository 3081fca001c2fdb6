// The background worker: one process for the cluster, without a database, that makes all calls to KalamDB
// servers. PostgreSQL starts it (registered by backend/module.cc) and starts it again a second after it has gone.
// The main thread only takes requests in; answers go out from the engine's completion thread (rpc/).
#include "backend/pg.h"

extern "C" {
#include "miscadmin.h"
#include "postmaster/bgworker.h"
#include "postmaster/interrupt.h"
#include "storage/ipc.h"
#include "storage/latch.h"
#include "utils/guc.h"

PG_MODULE_MAGIC;
void kalam_worker_main(Datum);
}

#include "worker/worker.h"

namespace kalam::worker {

namespace {

// Nothing needs the main thread to wake by itself but a slow sweep, and see wake.cc.
constexpr long kLongestSleepMs = 1000;

shm::Region *region = nullptr;
rpc::Engine *engine = nullptr;

// The only way out, also after an error: fails what is under way, closes sessions, takes our name down.
void OnExit(int, Datum) {
    PublishStopping(region);
    if (engine != nullptr) rpc::StopEngine(engine);
    engine = nullptr;
    PublishStopped(region);
}

void Start() {
    InitWake();
    region = FindRegion();
    const uint32_t epoch = PublishStart(region);
    before_shmem_exit(OnExit, 0);
    const char *error = nullptr;
    engine =
        rpc::StartEngine(region, epoch, ReadConfig(),
                         {.wake_backend = WakeBackend, .wake_main = WakeMain, .is_alive = nullptr}, &error);
    if (engine == nullptr) ereport(FATAL, (errmsg("the pg_kalam worker could not start: %s", error)));
    PublishReady(region);
}

void Run() {
    while (!ShutdownRequestPending) {
        ResetLatch(MyLatch);
        CHECK_FOR_INTERRUPTS();
        if (ConfigReloadPending) {
            ConfigReloadPending = false;
            ProcessConfigFile(PGC_SIGHUP);
            rpc::Reconfigure(engine, ReadConfig());
        }
        const bool more = TakeSignals(region, engine);
        rpc::PumpAnswers(engine);
        WriteLog(engine);
        if (more) continue;
        (void)WaitLatch(MyLatch, WL_LATCH_SET | WL_TIMEOUT | WL_EXIT_ON_PM_DEATH, kLongestSleepMs,
                        backend::compat::WaitEvent());
    }
}

}  // namespace

}  // namespace kalam::worker

void kalam_worker_main(Datum) {
    pqsignal(SIGHUP, SignalHandlerForConfigReload);
    pqsignal(SIGTERM, SignalHandlerForShutdownRequest);
    BackgroundWorkerUnblockSignals();
    kalam::worker::Start();
    kalam::worker::Run();
    proc_exit(1);  // not 0: PostgreSQL starts the worker again unless it shuts down itself
}
