// The one place from where the completion thread calls PostgreSQL: SetLatch. Nothing else of PostgreSQL may be
// called from that thread.
//
// Why it may. SetLatch is made to be called from signal handlers: it allocates nothing, takes no lock, raises no
// error and touches neither error nor memory-context state. What it does is: look at latch->is_set, set it,
// look at latch->maybe_sleeping, and kill(owner_pid, SIGURG). Latches of PGPROCs lie in shared memory and exist
// as long as it does; the latch of a process that has gone has no owner, and nothing is sent then. A latch that
// meanwhile belongs to another backend costs that one a spurious wake-up, which every latch loop bears.
//
// For the worker's own latch SetLatch also reads `waiting`, a flag of this process that the main thread sets
// before it announces that it may sleep (maybe_sleeping, followed by a barrier), so whoever sees the
// announcement must see the flag. Processors that reorder loads might not: then one wake-up could be missed, so
// the main loop never sleeps longer than kLongestSleepMs. SIGURG is blocked in every thread and reaches the main
// thread through its signalfd, wherever kill was called.
#include "backend/pg.h"

extern "C" {
#include "miscadmin.h"
#include "storage/latch.h"
#include "storage/proc.h"
}

#include "worker/worker.h"

namespace kalam::worker {

namespace {
Latch *main_latch = nullptr;  // written before the completion thread exists
}

void InitWake() {
    main_latch = MyLatch;
}

void WakeBackend(int32_t procno) noexcept {
    SetLatch(&GetPGProcByNumber(procno)->procLatch);
}

void WakeMain() noexcept {
    SetLatch(main_latch);
}

}  // namespace kalam::worker
