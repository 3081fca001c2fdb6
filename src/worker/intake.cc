// Empties the lanes into the engine, and wakes backends that waited for the room this makes.
#include "backend/pg.h"
#include "worker/worker.h"

#include <array>

namespace kalam::worker {

namespace {

constexpr size_t kSignalsAtOnce = 64;

}  // namespace

bool TakeSignals(shm::Region *region, rpc::Engine *engine) {
    std::array<shm::Signal, kSignalsAtOnce> signals;
    size_t count = 0;
    while (count < signals.size() && region->control().Pop(signals[count])) ++count;
    while (count < signals.size() && region->requests().Pop(signals[count])) ++count;
    if (count > 0) rpc::Take(engine, {signals.data(), count});
    // After the pops, and after the engine has given request pages back: see shm/waiters.h.
    region->header().waiting_for_room.TakeAll(WakeBackend);
    return count == signals.size();
}

}  // namespace kalam::worker
