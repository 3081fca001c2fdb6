// Counters and buckets (shm/stats.h).
#include "shm/stats.h"

#include <memory>
#include <set>

#include "../check.h"

using namespace kalam::shm;

TEST(latency_buckets) {
    CHECK_EQ(LatencyBucket(0), 0);
    CHECK_EQ(LatencyBucket(31), 0);
    CHECK_EQ(LatencyBucket(32), 1);
    CHECK_EQ(LatencyBucket(63), 1);
    CHECK_EQ(LatencyBucket(64), 2);
    for (int i = 0; i < kLatencyBuckets - 1; ++i) {
        CHECK_EQ(LatencyBucket((uint64_t{32} << i) - 1), i);  // "under 2^i * 32"
        CHECK_EQ(LatencyBucket(uint64_t{32} << i), i + 1);
    }
    CHECK_EQ(LatencyBucket(UINT64_MAX), kLatencyBuckets - 1);
}

TEST(group_buckets) {
    CHECK_EQ(GroupBucket(0), 0);
    CHECK_EQ(GroupBucket(1), 0);
    CHECK_EQ(GroupBucket(2), 1);
    CHECK_EQ(GroupBucket(3), 2);
    CHECK_EQ(GroupBucket(4), 2);
    CHECK_EQ(GroupBucket(5), 3);
    CHECK_EQ(GroupBucket(1 << 10), 10);
    CHECK_EQ(GroupBucket((1 << 10) + 1), 11);
    CHECK_EQ(GroupBucket(UINT64_MAX), kGroupBuckets - 1);
}

TEST(rpcs_have_names) {
    std::set<std::string> names;
    for (int rpc = 0; rpc < kRpcCount; ++rpc) names.insert(RpcName(rpc));
    CHECK_EQ(names.size(), static_cast<size_t>(kRpcCount));
    CHECK(names.contains("Scan"));
}

TEST(reset_clears_counters_and_keeps_endpoints) {
    auto stats = std::make_unique<Stats>();
    EndpointStats &endpoint = stats->endpoints[3];
    endpoint.in_use = 1;
    std::snprintf(endpoint.name, sizeof endpoint.name, "db:9188");
    for (Counter *counter :
         {&endpoint.calls[2], &endpoint.errors[11], &endpoint.rows_sent, &endpoint.rows_affected,
          &endpoint.bytes_sent, &endpoint.bytes_received, &endpoint.retries, &endpoint.reconnects,
          &endpoint.sessions_opened, &endpoint.sessions_closed, &endpoint.latency[19], &endpoint.groups[0],
          &stats->requests, &stats->cancelled, &stats->queue_full_waits, &stats->page_waits,
          &stats->answer_stalls, &stats->awake_answers})
        *counter = 7;
    stats->Reset(42);
    for (const Counter *counter :
         {&endpoint.calls[2], &endpoint.errors[11], &endpoint.rows_sent, &endpoint.rows_affected,
          &endpoint.bytes_sent, &endpoint.bytes_received, &endpoint.retries, &endpoint.reconnects,
          &endpoint.sessions_opened, &endpoint.sessions_closed, &endpoint.latency[19], &endpoint.groups[0],
          &stats->requests, &stats->cancelled, &stats->queue_full_waits, &stats->page_waits,
          &stats->answer_stalls, &stats->awake_answers})
        CHECK_EQ(counter->load(), 0u);
    CHECK_EQ(stats->reset_at_us.load(), 42);
    CHECK_EQ(endpoint.in_use.load(), 1u);
    CHECK_EQ(std::string(endpoint.name), "db:9188");
}
