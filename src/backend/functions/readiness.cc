// kalam_ping and kalam_wait_until_ready: whether a server and the worker answer. Called from SQL, and by tests
// and scripts that wait for facts instead of sleeping.
#include "backend/client.h"
#include "backend/latch_sleep.h"
#include "backend/shared_memory.h"

extern "C" {
#include "portability/instr_time.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

PG_FUNCTION_INFO_V1(kalam_ping);
PG_FUNCTION_INFO_V1(kalam_wait_until_ready);

Datum kalam_ping(PG_FUNCTION_ARGS);
Datum kalam_wait_until_ready(PG_FUNCTION_ARGS);
}

namespace kalam::backend {

namespace {

constexpr long kPollMs = 10;

bool WorkerIsReady(shm::Region &region) {
    return region.header().worker_state.load(std::memory_order_acquire) == shm::WorkerState::kReady;
}

// Waits until the worker is ready or `seconds` are over; whether it is.
bool WaitUntilReady(double seconds) {
    shm::Region &region = RequireRegion();
    if (seconds < 0 || seconds > 86400) {
        ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                        errmsg("the time to wait must be between 0 and 86400 seconds")));
    }
    const TimestampTz deadline =
        TimestampTzPlusMilliseconds(GetCurrentTimestamp(), static_cast<int64>(seconds * 1000));
    while (!WorkerIsReady(region)) {
        if (GetCurrentTimestamp() >= deadline) return false;
        SleepOnLatch(kPollMs);
    }
    return true;
}

// One round trip to the server; milliseconds.
double Ping(const char *server_name) {
    const Endpoint *endpoint = GetEndpointByName(server_name);
    instr_time start, took;
    INSTR_TIME_SET_CURRENT(start);
    (void)Call(Request::Plain(endpoint, common::Operation::kPing));
    INSTR_TIME_SET_CURRENT(took);
    INSTR_TIME_SUBTRACT(took, start);
    return INSTR_TIME_GET_MILLISEC(took);
}

}  // namespace

}  // namespace kalam::backend

Datum kalam_ping(PG_FUNCTION_ARGS) {
    PG_RETURN_FLOAT8(kalam::backend::Ping(text_to_cstring(PG_GETARG_TEXT_PP(0))));
}

Datum kalam_wait_until_ready(PG_FUNCTION_ARGS) {
    PG_RETURN_BOOL(kalam::backend::WaitUntilReady(PG_GETARG_FLOAT8(0)));
}
