// Counters for the SQL views kalam_stat and kalam_status. Relaxed throughout: each is a sum that nothing else
// depends on. Written by the worker (calls, bytes, groups) and by backends (queue-full waits); read and reset
// by backend/functions.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>

#include "common/message.h"

namespace kalam::shm {

inline constexpr int kMaxEndpoints = 32;    // endpoints with counters of their own; more share the last entry
inline constexpr int kRpcCount = 12;        // the RPCs of the service, in the order of proto/kalam_pg.proto
inline constexpr int kLatencyBuckets = 20;  // bucket i: calls under 2^i * 32 us; the last: all others
inline constexpr int kGroupBuckets = 12;    // bucket i: groups of up to 2^i members; the last: all others
inline constexpr int kEndpointNameBytes = 128;  // "host:port", cut

using Counter = std::atomic<uint64_t>;

struct EndpointStats {
    // Written once by the worker, before in_use (release); read after in_use was seen (acquire).
    std::atomic<uint32_t> in_use{0};
    char name[kEndpointNameBytes] = {};

    std::array<Counter, kRpcCount> calls{};
    std::array<Counter, kRpcCount> errors{};
    Counter rows_sent, rows_affected;
    Counter bytes_sent, bytes_received;
    Counter retries;     // calls sent again: after a forgotten session, or a rejected group one by one
    Counter reconnects;  // connections made after the first
    Counter sessions_opened, sessions_closed;
    std::array<Counter, kLatencyBuckets> latency{};
    std::array<Counter, kGroupBuckets> groups{};
};

struct Stats {
    std::array<EndpointStats, kMaxEndpoints> endpoints;
    Counter requests;                     // taken from the lanes
    Counter cancelled;                    // abandoned by their backends
    Counter queue_full_waits;             // a backend found its lane full
    Counter page_waits;                   // a backend found too few request pages
    Counter answer_stalls;                // an answer had to wait for pages
    Counter awake_answers;                // a backend was awake when its answer came
    std::atomic<int64_t> reset_at_us{0};  // PostgreSQL timestamp; 0: never

    void Reset(int64_t now_us);
};

const char *RpcName(int rpc);  // 0..kRpcCount-1

// The bucket of a latency in microseconds, or of a group's size.
int LatencyBucket(uint64_t us);
int GroupBucket(uint64_t members);

}  // namespace kalam::shm
