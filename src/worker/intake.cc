// Empties the lanes into the engine, and wakes backends that waited for the room this makes.
#include "backend/pg.h"
#include "worker/worker.h"

namespace kalam::worker {

namespace {

constexpr int kSignalsAtOnce = 256;

void TakeControlSignals(shm::Region *region, rpc::Engine *engine) {
    shm::Signal signal;
    while (region->control().Pop(signal)) rpc::Take(engine, signal);
}

}  // namespace

bool TakeSignals(shm::Region *region, rpc::Engine *engine) {
    shm::Signal signal;
    int taken = 0;
    do {
        TakeControlSignals(region, engine);
        if (!region->requests().Pop(signal)) break;
        rpc::Take(engine, signal);
    } while (++taken < kSignalsAtOnce);
    // After the pops, and after the engine has given request pages back: see shm/waiters.h.
    region->header().waiting_for_room.TakeAll(WakeBackend);
    return taken == kSignalsAtOnce;
}

}  // namespace kalam::worker
