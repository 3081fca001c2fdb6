// Counters (stats.h): reset and buckets. Relaxed throughout: a view shows sums, nothing is decided by them.
#include "shm/stats.h"

#include <algorithm>
#include <bit>

namespace kalam::shm {

namespace {

// The order of the service in proto/kalam_pg.proto.
constexpr const char *kRpcNames[kRpcCount] = {
    "Ping",
    "OpenSession",
    "CloseSession",
    "Scan",
    "Insert",
    "Update",
    "Delete",
    "BeginTransaction",
    "CommitTransaction",
    "RollbackTransaction",
    "ExecuteSql",
    "ExecuteQuery",
};

constexpr uint64_t kFirstLatencyUs = 32;

void Zero(Counter &counter) {
    counter.store(0, std::memory_order_relaxed);
}

template <size_t N>
void Zero(std::array<Counter, N> &counters) {
    for (Counter &counter : counters) Zero(counter);
}

// The name and in_use stay: an endpoint is known as long as the region lives.
void Zero(EndpointStats &endpoint) {
    Zero(endpoint.calls);
    Zero(endpoint.errors);
    for (Counter *counter :
         {&endpoint.rows_sent, &endpoint.rows_affected, &endpoint.bytes_sent, &endpoint.bytes_received,
          &endpoint.retries, &endpoint.reconnects, &endpoint.sessions_opened, &endpoint.sessions_closed})
        Zero(*counter);
    Zero(endpoint.latency);
    Zero(endpoint.groups);
}

}  // namespace

void Stats::Reset(int64_t now_us) {
    for (EndpointStats &endpoint : endpoints) Zero(endpoint);
    for (Counter *counter :
         {&requests, &cancelled, &queue_full_waits, &page_waits, &answer_stalls, &awake_answers})
        Zero(*counter);
    reset_at_us.store(now_us, std::memory_order_relaxed);
}

const char *RpcName(int rpc) {
    return kRpcNames[rpc];
}

int LatencyBucket(uint64_t us) {
    return std::min<int>(std::bit_width(us / kFirstLatencyUs), kLatencyBuckets - 1);
}

int GroupBucket(uint64_t members) {
    if (members <= 1) return 0;
    return std::min<int>(std::bit_width(members - 1), kGroupBuckets - 1);
}

}  // namespace kalam::shm
