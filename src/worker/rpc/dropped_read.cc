// Reads without a reader (dropped_read.h).
#include "worker/rpc/dropped_read.h"

#include "worker/rpc/engine.h"

namespace kalam::worker::rpc {

void DroppedRead::Take(Call &call) {
    call.work = this;
    ++calls_;
}

void DroppedRead::OnCallEnd(Call &, const Failure &) {
    if (--calls_ > 0) return;
    session_.Leave(*this);
    std::erase_if(engine_.dropped_reads, [this](const auto &read) { return read.get() == this; });
}

}  // namespace kalam::worker::rpc
