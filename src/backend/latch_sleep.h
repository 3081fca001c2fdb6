// A nap that anything can end: the one shape in which a backend waits for time to pass or for a latch. Called by client.cc and by
// whoever asks a server again and again whether something has ended. Raises on cancel and termination, so callers hold nothing
// that an ereport would lose.
#pragma once

#include "backend/pg.h"

extern "C" {
#include "miscadmin.h"
#include "storage/latch.h"
}

namespace kalam::backend {

// Sleeps until the latch is set or the time (milliseconds) is over.
inline void SleepOnLatch(long timeout_ms) {
    (void)WaitLatch(MyLatch, WL_LATCH_SET | WL_TIMEOUT | WL_EXIT_ON_PM_DEATH, timeout_ms,
                    compat::WaitEvent());
    ResetLatch(MyLatch);
    CHECK_FOR_INTERRUPTS();
}

}  // namespace kalam::backend
