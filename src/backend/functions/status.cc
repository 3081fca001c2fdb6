// kalam_status(): one row about the worker and the shared memory. Called from SQL. Reads atomics that others
// write meanwhile: every number is true of some moment just now, and they need not add up.
#include "backend/functions/record.h"
#include "backend/shared_memory.h"

extern "C" {
#include "funcapi.h"

PG_FUNCTION_INFO_V1(kalam_status);
Datum kalam_status(PG_FUNCTION_ARGS);
}

namespace kalam::backend::functions {

namespace {

using StatusRecord = Record<21>;

uint32_t SlotsInUse(shm::Region &region) {
    uint32_t in_use = 0;
    for (uint32_t i = 0; i < region.slot_count(); ++i) {
        if (region.slot(i).State() != shm::SlotState::kFree) ++in_use;
    }
    return in_use;
}

void PutWorker(StatusRecord &record, const shm::Header &header) {
    const int32_t pid = header.worker_pid.load(std::memory_order_relaxed);
    record.PutText(shm::NameOf(header.worker_state.load(std::memory_order_acquire)));
    if (pid != 0) {
        record.PutInt(pid);
    } else {
        record.PutNull();
    }
    record.PutInt(header.worker_epoch.load(std::memory_order_relaxed));
    record.PutTime(header.worker_started_us.load(std::memory_order_relaxed));
}

void PutMemory(StatusRecord &record, shm::Region &region) {
    record.PutInt(region.requests().depth());
    record.PutInt(region.requests().limit());
    record.PutInt(region.control().depth());
    record.PutInt(region.slot_count());
    record.PutInt(SlotsInUse(region));
    for (const shm::PagePool *pool : {&region.request_pages(), &region.answer_pages()}) {
        record.PutInt(pool->total());
        record.PutInt(pool->available());
    }
    record.PutBigInt(SharedRegionBytes());
}

void PutCounters(StatusRecord &record, const shm::Stats &stats) {
    for (const shm::Counter *counter : {&stats.requests, &stats.cancelled, &stats.queue_full_waits,
                                        &stats.page_waits, &stats.answer_stalls, &stats.awake_answers}) {
        record.PutBigInt(counter->load(std::memory_order_relaxed));
    }
    record.PutTime(stats.reset_at_us.load(std::memory_order_relaxed));
}

}  // namespace

}  // namespace kalam::backend::functions

Datum kalam_status(PG_FUNCTION_ARGS) {
    using namespace kalam::backend::functions;
    TupleDesc descriptor;
    if (get_call_result_type(fcinfo, nullptr, &descriptor) != TYPEFUNC_COMPOSITE) {
        elog(ERROR, "kalam_status must return a row");
    }
    kalam::shm::Region &region = kalam::backend::RequireRegion();
    StatusRecord record;
    PutWorker(record, region.header());
    PutMemory(record, region);
    PutCounters(record, region.stats());
    HeapTuple tuple = heap_form_tuple(BlessTupleDesc(descriptor), record.values.data(), record.nulls.data());
    PG_RETURN_DATUM(HeapTupleGetDatum(tuple));
}
