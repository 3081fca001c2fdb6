// snowflake_id(): ids that are unique across the backends of a cluster and increase in each of them. Called
// from SQL and from column defaults. The last id lives in shared memory and moves on by compare-and-swap.
#include "common/snowflake.h"
#include "backend/clock.h"
#include "backend/shared_memory.h"

extern "C" {
#include "access/xlog.h"
#include "miscadmin.h"

PG_FUNCTION_INFO_V1(kalam_snowflake_id);
Datum kalam_snowflake_id(PG_FUNCTION_ARGS);
}

namespace kalam::backend {

namespace {

constexpr uint32_t kWorkerIds = 1024;

// Two clusters on one KalamDB server rarely share their ten bits.
int64_t NextInCluster(std::atomic<int64_t> &last) {
    const uint64_t system = GetSystemIdentifier();
    const uint32_t worker = static_cast<uint32_t>((system >> 32 ^ system) % kWorkerIds);
    // Relaxed: the value orders nothing but itself.
    int64_t seen = last.load(std::memory_order_relaxed);
    for (;;) {
        const int64_t next = common::NextSnowflake(seen, UnixMs(), worker);
        if (last.compare_exchange_weak(seen, next, std::memory_order_relaxed)) return next;
    }
}

// Without shared memory the ten bits tell the backends that live at the same time apart.
int64_t NextInBackend() {
    static int64_t last = 0;
    last = common::NextSnowflake(last, UnixMs(), static_cast<uint32_t>(compat::MyProcNumber()) % kWorkerIds);
    return last;
}

}  // namespace

}  // namespace kalam::backend

Datum kalam_snowflake_id(PG_FUNCTION_ARGS) {
    using namespace kalam::backend;
    kalam::shm::Region *region = SharedRegion();
    PG_RETURN_INT64(region != nullptr ? NextInCluster(region->header().last_snowflake) : NextInBackend());
}
