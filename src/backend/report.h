// Turns failures into PostgreSQL errors: SQLSTATE from the status (common/status.h), the server's own words
// unchanged as the message, a detail and a hint that names the next action. Called by client.cc and whoever
// uses TryWait or TryCall. `ThrowStatus` itself is declared in client.h, beside the calls it belongs to.
#pragma once

#include "backend/pg.h"

namespace kalam::backend {

// 08006: no worker takes requests.
[[noreturn]] void ThrowWorkerNotReady();

// 54000: a request that does not fit kalam.request_pool_size.
[[noreturn]] void ThrowRequestTooLarge(uint64_t bytes, uint64_t limit);

}  // namespace kalam::backend
