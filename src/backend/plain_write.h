// Calls that commit on the server: writes that leave as plain requests, and what an error says that stops the wait for one.
// Called by fdw/, writes.cc, held_back.cc and remote_xact.cc.
#pragma once

#include "backend/client.h"
#include "backend/pg.h"

namespace kalam::backend {

// Whether a write may leave in a plain request now: no block, nothing held back, no remote transaction.
bool MaySendPlain(const Endpoint *endpoint);

// As TryCall, with the context below.
Answer TryCallPlain(const Request &request);

// Whether an answer to an update says that the server has no such row.
bool SaysRowIsMissing(const Answer &answer);

// While it is in force, errors (a cancel, a timeout, a termination) say that the outcome is not known: the call may still act.
// `context` is the caller's.
void EnterUnknownOutcome(ErrorContextCallback *context, const Endpoint *endpoint);
void LeaveUnknownOutcome(const ErrorContextCallback *context);

}  // namespace kalam::backend
