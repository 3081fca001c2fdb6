// Waits awake for an answer that usually comes soon, while this backend is the only one that uses KalamDB. Called by client.cc
// before it sleeps on the latch; it must not decide what an answer means, nor hold anything that an ereport would lose.
//
// Why: to be put to sleep and woken again costs a processor without work some 50 us each time, and leaves it to sleep itself, so
// that everybody on the way of the call is woken from afar. With one client that is a quarter of a short statement's time.
// With several there is always work, and a processor that spins only takes it away; hence the conditions:
//   * answers to this operation have usually come within kalam.spin_limit (microseconds; 0: never spin);
//   * this one was sent within half that time after the answer before it: the session goes from call to call;
//   * no other request is under way in the whole cluster;
//   * the machine has more than one processor, and nobody else has wanted ours while we spun a moment ago.
#pragma once

#include "backend/pg.h"
#include "shm/region.h"

namespace kalam::backend {

// Returns when the slot is DONE, or when spinning is of no use (any more): the caller looks and then sleeps. Raises on cancel and
// termination, as every wait does.
void SpinForAnswer(shm::Region &region, const shm::Slot &slot, uint32_t generation);

// Learns how long the answer in this DONE slot took.
void NoteAnswerTime(const shm::Slot &slot);

}  // namespace kalam::backend
