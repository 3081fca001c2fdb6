// The functions behind kalam_stat (counters by endpoint) and kalam_connections (sessions on servers), and
// kalam_stat_reset. Called from SQL. No secret is in what they read: endpoints are named host:port.
#include "backend/functions/record.h"
#include "backend/shared_memory.h"

extern "C" {
#include "catalog/pg_authid.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/jsonb.h"
#include "utils/tuplestore.h"

PG_FUNCTION_INFO_V1(kalam_stat_endpoints);
PG_FUNCTION_INFO_V1(kalam_stat_sessions);
PG_FUNCTION_INFO_V1(kalam_stat_reset);

Datum kalam_stat_endpoints(PG_FUNCTION_ARGS);
Datum kalam_stat_sessions(PG_FUNCTION_ARGS);
Datum kalam_stat_reset(PG_FUNCTION_ARGS);
}

namespace kalam::backend::functions {

namespace {

using EndpointRecord = Record<15>;
using SessionRecord = Record<7>;

uint64_t Read(const shm::Counter &counter) {
    return counter.load(std::memory_order_relaxed);
}

template <size_t kCount>
uint64_t Sum(const std::array<shm::Counter, kCount> &counters) {
    uint64_t sum = 0;
    for (const shm::Counter &counter : counters) sum += Read(counter);
    return sum;
}

// {"name": count, ...} of the counters that are not zero. `name(i)` is palloc'd or static.
template <size_t kCount, typename Name>
Datum JsonOf(const std::array<shm::Counter, kCount> &counters, Name name) {
    StringInfoData text;
    initStringInfo(&text);
    for (size_t i = 0; i < kCount; ++i) {
        const uint64_t count = Read(counters[i]);
        if (count == 0) continue;
        appendStringInfo(&text, "%s\"%s\":" UINT64_FORMAT, text.len > 0 ? "," : "{",
                         name(static_cast<int>(i)), count);
    }
    appendStringInfoString(&text, text.len > 0 ? "}" : "{}");
    return DirectFunctionCall1(jsonb_in, CStringGetDatum(text.data));
}

// The upper bounds of histogram buckets.
const char *LatencyBound(int bucket) {
    return bucket == shm::kLatencyBuckets - 1 ? "more" : psprintf(UINT64_FORMAT, uint64_t{32} << bucket);
}

const char *GroupBound(int bucket) {
    return bucket == shm::kGroupBuckets - 1 ? "more" : psprintf("%d", 1 << bucket);
}

EndpointRecord RecordOf(const shm::EndpointStats &stats) {
    EndpointRecord record;
    record.PutText(stats.name);
    record.PutBigInt(Sum(stats.calls));
    record.PutBigInt(Sum(stats.errors));
    record.Put(JsonOf(stats.calls, shm::RpcName));
    record.Put(JsonOf(stats.errors, shm::RpcName));
    for (const shm::Counter *counter :
         {&stats.rows_sent, &stats.rows_affected, &stats.bytes_sent, &stats.bytes_received, &stats.retries,
          &stats.reconnects, &stats.sessions_opened, &stats.sessions_closed}) {
        record.PutBigInt(Read(*counter));
    }
    record.Put(JsonOf(stats.latency, LatencyBound));
    record.Put(JsonOf(stats.groups, GroupBound));
    return record;
}

// Whoever knows a session's id can speak in its name on the server, so it is shown to monitors only.
SessionRecord RecordOf(const shm::SessionInfo &info, bool with_id) {
    SessionRecord record;
    if (with_id) {
        record.PutText(info.session_id);
    } else {
        record.PutNull();
    }
    if (info.backend_pid != 0) {
        record.PutInt(info.backend_pid);
    } else {
        record.PutNull();
    }
    record.PutText(info.endpoint);
    record.PutText(shm::NameOf(info.state));
    record.PutUnixTime(info.opened_at_ms);
    record.PutUnixTime(info.last_used_at_ms);
    record.PutBigInt(info.calls);
    return record;
}

template <typename RecordType>
void AddRow(FunctionCallInfo fcinfo, RecordType record) {
    auto *result = reinterpret_cast<ReturnSetInfo *>(fcinfo->resultinfo);
    tuplestore_putvalues(result->setResult, result->setDesc, record.values.data(), record.nulls.data());
}

}  // namespace

}  // namespace kalam::backend::functions

using namespace kalam::backend::functions;

Datum kalam_stat_endpoints(PG_FUNCTION_ARGS) {
    InitMaterializedSRF(fcinfo, 0);
    for (const kalam::shm::EndpointStats &stats : kalam::backend::RequireRegion().stats().endpoints) {
        // Acquire: the name was written before.
        if (stats.in_use.load(std::memory_order_acquire) != 0) AddRow(fcinfo, RecordOf(stats));
    }
    return Datum{0};
}

Datum kalam_stat_sessions(PG_FUNCTION_ARGS) {
    InitMaterializedSRF(fcinfo, 0);
    const kalam::shm::SessionTable &sessions = kalam::backend::RequireRegion().sessions();
    const bool with_id = has_privs_of_role(GetUserId(), ROLE_PG_READ_ALL_STATS);
    for (uint32_t i = 0; i < sessions.size(); ++i) {
        kalam::shm::SessionInfo info;
        if (sessions.Read(i, info) && info.state != kalam::shm::SessionState::kUnused) {
            AddRow(fcinfo, RecordOf(info, with_id));
        }
    }
    return Datum{0};
}

Datum kalam_stat_reset(PG_FUNCTION_ARGS) {
    kalam::backend::RequireRegion().stats().Reset(GetCurrentTimestamp());
    PG_RETURN_VOID();
}
