// Sends requests and takes answers in (client.h): the wait loops. Slots are claimed and given back by
// pending_calls.cc. Every wait is check -> WaitLatch -> ResetLatch -> CHECK_FOR_INTERRUPTS -> check, after a while of
// answer_spin.h where it pays; an error on the way leaves the call to its resource owner.
#include "backend/client.h"

#include "backend/answer_spin.h"
#include "backend/clock.h"
#include "backend/guc.h"
#include "backend/latch_sleep.h"
#include "backend/pending_calls.h"
#include "backend/report.h"
#include "backend/shared_memory.h"

extern "C" {
#include "storage/ipc.h"
#include "utils/timestamp.h"
}

namespace kalam::backend {

using common::Cause;
using common::Operation;
using shm::SlotState;

namespace {

// How long a wait sleeps at most before it looks again at what wakes nobody.
constexpr long kRecheckWorkerMs = 500;
constexpr long kRecheckRoomMs = 20;
// How long an abort waits for a worker and a slot, uninterruptibly.
constexpr int kAbortWaitMs = 2000;

// ---- which endpoints the worker knows ----

// The worker remembers an endpoint for ten minutes after its last use; this backend remembers the last few that
// it has used. One that it has forgotten costs a longer request, nothing else.
struct KnownEndpoint {
    common::EndpointId id;
    uint32_t epoch;    // 0: unused
    int64_t heard_us;  // of it from the worker, monotonic clock
};
constexpr int64_t kCertainForUs = 5 * 60 * int64_t{1000000};
constexpr int kKnownEndpoints = 8;
KnownEndpoint known_endpoints[kKnownEndpoints];
int next_known = 0;

KnownEndpoint *FindKnown(const common::EndpointId &id) {
    for (KnownEndpoint &known : known_endpoints) {
        if (known.epoch != 0 && known.id == id) return &known;
    }
    return nullptr;
}

bool WorkerKnows(const common::EndpointId &id, uint32_t epoch) {
    const KnownEndpoint *known = FindKnown(id);
    return known != nullptr && known->epoch == epoch && MonotonicUs() - known->heard_us < kCertainForUs;
}

// Learns from an answer of `epoch` whether the worker knows the endpoint.
void NoteEndpoint(const common::EndpointId &id, uint32_t epoch, bool knows) {
    KnownEndpoint *known = FindKnown(id);
    if (!knows) {
        if (known != nullptr) known->epoch = 0;
        return;
    }
    if (known == nullptr) {
        known = &known_endpoints[next_known];
        next_known = (next_known + 1) % kKnownEndpoints;
    }
    *known = {.id = id, .epoch = epoch, .heard_us = MonotonicUs()};
}

// ---- sending ----

bool IsReady(const shm::Header &header) {
    // Acquire: the epoch was written before the state became ready.
    return header.worker_state.load(std::memory_order_acquire) == shm::WorkerState::kReady;
}

// The epoch of a worker that takes requests; waits for one, so long at most.
uint32_t AwaitWorker(shm::Region &region, int limit_ms) {
    const shm::Header &header = region.header();
    const TimestampTz deadline = TimestampTzPlusMilliseconds(GetCurrentTimestamp(), limit_ms);
    while (!IsReady(header)) {
        if (GetCurrentTimestamp() >= deadline) ThrowWorkerNotReady();
        SleepOnLatch(kRecheckRoomMs);
    }
    return header.worker_epoch.load(std::memory_order_relaxed);  // ordered by the acquire above
}

void TakeIn(shm::Region &region, PendingCall *call, MemoryContext context);

// A call with a slot. When the backend holds all its slots with answers it has not asked for yet, the oldest
// answer is taken into memory; otherwise slots come back when the worker has let go of abandoned requests.
PendingCall *AwaitSlot(shm::Region &region) {
    for (;;) {
        PendingCall *call =
            ClaimSlot(region, AwaitWorker(region, guc::worker_start_timeout_ms), SlotUse::kOrdinary);
        if (call != nullptr) return call;
        PendingCall *oldest = OldestPendingCall();
        if (oldest != nullptr) {
            TakeIn(region, oldest, oldest->memory);
        } else {
            SleepOnLatch(kRecheckRoomMs);
        }
    }
}

// The same while a transaction aborts: its calls are given up, and it does not wait long.
PendingCall *AwaitSlotAtAbort(shm::Region &region) {
    const TimestampTz deadline = TimestampTzPlusMilliseconds(GetCurrentTimestamp(), kAbortWaitMs);
    for (;;) {
        const uint32_t epoch = AwaitWorker(region, Min(kAbortWaitMs, guc::worker_start_timeout_ms));
        PendingCall *call = ClaimSlot(region, epoch, SlotUse::kAlsoReserved);
        if (call != nullptr) return call;
        if (GetCurrentTimestamp() >= deadline) {
            ereport(ERROR,
                    (errcode(ERRCODE_INSUFFICIENT_RESOURCES),
                     errmsg("earlier requests of this session to the pg_kalam worker have not ended")));
        }
        SleepOnLatch(kRecheckRoomMs);
    }
}

// Waits until `attempt` succeeds; whoever makes room wakes those who announced that they wait.
template <typename Attempt>
void AwaitRoom(shm::Region &region, shm::Counter &waits, Attempt attempt) {
    if (attempt()) return;
    waits.fetch_add(1, std::memory_order_relaxed);  // a statistic
    for (;;) {
        region.header().waiting_for_room.Announce(compat::MyProcNumber());  // then the attempt: waiters.h
        if (attempt()) return;
        SleepOnLatch(kRecheckRoomMs);
    }
}

// Copies the body into the slot or into pages.
void WriteBody(shm::Region &region, PendingCall *call, std::string_view body) {
    shm::Slot &slot = *call->slot;
    slot.request_bytes = static_cast<uint32_t>(body.size());
    if (body.size() <= shm::kInlineBytes) {
        memcpy(slot.inline_bytes, body.data(), body.size());
        return;
    }
    shm::PagePool &pool = region.request_pages();
    const uint32_t pages = shm::PagePool::PagesFor(body.size());
    if (pages > pool.total()) ThrowRequestTooLarge(body.size(), uint64_t{pool.total()} * shm::kPageDataBytes);
    AwaitRoom(region, region.stats().page_waits, [&] { return pool.Reserve(pages); });
    slot.request_first_page = pool.WriteChain(body);
}

// The body with the endpoint's options before it.
std::string_view BodyWithEndpoint(const Request &request) {
    StringInfoData body;
    initStringInfo(&body);
    StringInfoSink sink{&body};
    common::PutEndpoint(sink, request.endpoint->config);
    sink.Append(request.body.data, static_cast<size_t>(request.body.len));
    return {body.data, static_cast<size_t>(body.len)};
}

// Transactions end on a lane that row operations cannot fill, and on which the end of the session comes after them.
shm::Lane &LaneFor(shm::Region &region, const common::RequestHead &head) {
    const bool ends_transaction =
        head.operation == Operation::kCommit || head.operation == Operation::kRollback || head.detached;
    return ends_transaction ? region.control() : region.requests();
}

bool Push(shm::Region &region, const shm::Slot &slot, uint32_t generation) {
    return LaneFor(region, slot.request_head)
        .Push({.kind = shm::SignalKind::kRequest, .slot = {.index = slot.index, .generation = generation}});
}

// ---- taking answers in ----

// Moves the pages that have arrived into the call's buffer, and wakes a worker that waits for pages.
void DrainPages(shm::Region &region, PendingCall *call, MemoryContext context) {
    shm::PagePool &pool = region.answer_pages();
    uint32_t id;
    while (call->slot->answer_pages.pop(id)) {
        const shm::Page &page = pool.At(id);
        const uint64_t needed = call->body.size + page.used;
        // The page must go back to the pool also when memory is out, so make room before copying.
        if (needed >= call->body.capacity) {
            PG_TRY();
            { call->body.Reserve(context, Max(needed, call->body.capacity * 2)); }
            PG_CATCH();
            {
                pool.Free(id);
                PG_RE_THROW();
            }
            PG_END_TRY();
        }
        call->body.Append(context, page.data, page.used);
        pool.Free(id);
        if (region.header().answers_need_pages.Take()) WakeWorker(region);
    }
}

// Whether the worker that got the call has gone without answering it.
bool WorkerHasLeft(const shm::Header &header, const shm::Slot &slot) {
    return header.worker_epoch.load(std::memory_order_acquire) != slot.epoch ||
           header.worker_state.load(std::memory_order_acquire) == shm::WorkerState::kStopped;
}

// Answers in the place of a worker that has gone. False if the slot moved on meanwhile.
bool AnswerForLostWorker(PendingCall *call) {
    shm::Slot &slot = *call->slot;
    const SlotState state = slot.State();
    if (state != SlotState::kSent && state != SlotState::kRunning) return false;
    const bool started = state == SlotState::kRunning;
    if (!slot.Step(call->generation, state, SlotState::kAbandoned)) return false;
    call->head = {};
    call->head.status = {.code = common::Code::kUnavailable,
                         .cause = Cause::kWorkerGone,
                         .outcome = started ? common::Outcome::kUnknown : common::Outcome::kNotDone};
    call->body.size = 0;
    call->slot = nullptr;
    return true;
}

// Waits for the whole answer, whose body grows in `context` meanwhile, and gives the slot back.
void TakeIn(shm::Region &region, PendingCall *call, MemoryContext context) {
    shm::Slot &slot = *call->slot;
    const uint32_t epoch = slot.epoch;
    SpinForAnswer(region, slot, call->generation);
    for (;;) {
        // Every page was pushed before the slot became DONE, so after DONE the drain finds all of them.
        const bool done = slot.Is(call->generation, SlotState::kDone);
        if (done && call->body.data == nullptr) call->body.Reserve(context, slot.answer_bytes);
        DrainPages(region, call, context);
        if (done) break;
        if (WorkerHasLeft(region.header(), slot) && AnswerForLostWorker(call)) return;
        SleepOnLatch(kRecheckWorkerMs);
    }
    if (slot.answer_inline_bytes > 0) call->body.Append(context, slot.inline_bytes, slot.answer_inline_bytes);
    call->head = slot.answer_head;
    NoteAnswerTime(slot);
    ReleaseSlot(region, call);
    NoteEndpoint(call->endpoint->id, epoch, call->head.status.cause != Cause::kUnknownEndpoint);
}

// Writes the request into the call's slot and hands it over.
void SendIn(shm::Region &region, PendingCall *call, const Request &request) {
    shm::Slot &slot = *call->slot;
    call->endpoint = request.endpoint;
    slot.request_head = request.head;
    slot.request_head.has_endpoint = !WorkerKnows(request.head.endpoint, slot.epoch);
    WriteBody(region, call,
              slot.request_head.has_endpoint
                  ? BodyWithEndpoint(request)
                  : std::string_view(request.body.data, static_cast<size_t>(request.body.len)));
    slot.sent_at_us = MonotonicUs();
    slot.Step(call->generation, SlotState::kClaimed, SlotState::kSent);
    AwaitRoom(region, region.stats().queue_full_waits, [&] { return Push(region, slot, call->generation); });
    call->in_lane = true;
    WakeWorker(region);
}

// A free slot for a request that nobody waits for. The calls that were given up before may have all of them, for as
// long as the worker lets them end by themselves; null: even longer.
shm::Slot *AwaitDetachedSlot(shm::Region &region, uint32_t epoch, uint32_t *generation) {
    constexpr int kPauseMs = 5;
    for (int waited_ms = 0; waited_ms < kAbortWaitMs; waited_ms += kPauseMs) {
        shm::Slot *slot = ClaimDetachedSlot(region, epoch, generation);
        if (slot != nullptr) return slot;
        pg_usleep(kPauseMs * 1000L);
    }
    return nullptr;
}

}  // namespace

PendingCall *Send(const Request &request) {
    shm::Region &region = RequireRegion();
    PendingCall *call = AwaitSlot(region);
    SendIn(region, call, request);
    return call;
}

Answer TryWait(PendingCall *call) {
    if (call->slot != nullptr) TakeIn(RequireRegion(), call, CurrentMemoryContext);
    Answer answer = {
        .head = call->head, .body = nullptr, .body_bytes = call->body.size, .endpoint = call->endpoint};
    if (call->body.data != nullptr && GetMemoryChunkContext(call->body.data) == call->memory) {
        BodyBuffer copy;
        copy.Append(CurrentMemoryContext, call->body.data, call->body.size);
        call->body = copy;
    }
    call->body.Finish(CurrentMemoryContext);
    answer.body = call->body.data;
    Forget(call);
    return answer;
}

Answer Wait(PendingCall *call) {
    const Endpoint *endpoint = call->endpoint;
    const Answer answer = TryWait(call);
    if (!answer.head.status.Ok()) ThrowStatus(answer, endpoint);
    return answer;
}

Answer TryCallOnce(const Request &request) {
    const Answer answer = TryWait(Send(request));
    // Its endpoint is known to be unknown now, so the second request carries the options.
    if (answer.head.status.cause == Cause::kUnknownEndpoint) return TryWait(Send(request));
    return answer;
}

Answer TryCallAtAbort(const Request &request) {
    shm::Region &region = RequireRegion();
    for (;;) {
        PendingCall *call = AwaitSlotAtAbort(region);
        SendIn(region, call, request);
        const Answer answer = TryWait(call);
        if (answer.head.status.cause != Cause::kUnknownEndpoint) return answer;
    }
}

void GiveUpCalls() noexcept {
    ForgetCallsOf(proc_exit_inprogress ? nullptr : CurrentResourceOwner);
}

void PrepareForExit() {
    WatchOverCalls();
}

Answer Call(const Request &request) {
    const Answer answer = TryCall(request);
    if (!answer.head.status.Ok()) ThrowStatus(answer, request.endpoint);
    return answer;
}

bool SendDetached(const Request &request) noexcept {
    shm::Region *region = SharedRegion();
    if (region == nullptr || IsExiting() || !IsReady(region->header())) return false;
    const uint32_t epoch = region->header().worker_epoch.load(std::memory_order_relaxed);
    const std::string_view body(request.body.data, static_cast<size_t>(request.body.len));
    // The worker keeps the endpoint of an open transaction, so when it was last heard of does not matter.
    const KnownEndpoint *known = FindKnown(request.head.endpoint);
    if (body.size() > shm::kInlineBytes || known == nullptr || known->epoch != epoch) return false;
    uint32_t generation = 0;
    shm::Slot *slot = AwaitDetachedSlot(*region, epoch, &generation);
    if (slot == nullptr) return false;
    slot->request_head = request.head;
    slot->request_head.has_endpoint = false;
    slot->request_head.detached = true;
    slot->request_bytes = static_cast<uint32_t>(body.size());
    memcpy(slot->inline_bytes, body.data(), body.size());
    slot->sent_at_us = MonotonicUs();
    slot->Step(generation, SlotState::kClaimed, SlotState::kSent);
    if (!Push(*region, *slot, generation)) {
        slot->Step(generation, SlotState::kSent, SlotState::kAbandoned);
        return false;
    }
    WakeWorker(*region);
    return true;
}

bool FrameReader::Next(std::string_view &frame) {
    if (at == end) return false;
    uint64_t length = 0;
    const uint64_t left = static_cast<uint64_t>(end - at);
    if (left >= sizeof length) memcpy(&length, at, sizeof length);
    if (left < sizeof length || length > left - sizeof length || common::FrameSize(length) > left) {
        ereport(ERROR, (errcode(ERRCODE_PROTOCOL_VIOLATION),
                        errmsg("an answer of the pg_kalam worker ends in the middle of a frame")));
    }
    frame = {at + sizeof length, length};
    at += common::FrameSize(length);
    return true;
}

uint32_t WorkerEpoch() {
    return RequireRegion().header().worker_epoch.load(std::memory_order_acquire);
}

}  // namespace kalam::backend
