// A request's way through the worker (request_run.h), and the requests that take one call.
#include "worker/rpc/request_run.h"

#include <algorithm>

#include "worker/rpc/clock.h"
#include "worker/rpc/decode.h"
#include "worker/rpc/engine.h"

namespace kalam::worker::rpc {

using common::Cause;
using common::Code;
using common::Operation;

namespace {

// Buffers over this size are not kept for the slot's next request.
constexpr size_t kKeepBytes = 64 * 1024;

bool IsTransactionStep(Operation operation) {
    return operation == Operation::kBegin || operation == Operation::kCommit ||
           operation == Operation::kRollback;
}

struct StringSink {
    std::string &out;
    void Append(const void *data, size_t size) { out.append(static_cast<const char *>(data), size); }
};

}  // namespace

void RequestRun::Load(shm::Slot &slot, uint32_t generation) {
    // Relaxed: a hint, see Header.
    engine_.region->header().running_requests.fetch_add(1, std::memory_order_relaxed);
    slot_ = &slot;
    generation_ = generation;
    head_ = slot.request_head;
    answer_ = {};
    body_.clear();
    if (slot.request_first_page == shm::kNoPage) {
        body_.append(slot.inline_bytes, std::min(slot.request_bytes, shm::kInlineBytes));
    } else {
        body_.reserve(slot.request_bytes);
        StringSink sink{body_};
        shm::PagePool &pool = engine_.region->request_pages();
        pool.ReadChain(slot.request_first_page, sink);
        pool.FreeChain(slot.request_first_page);
        slot.request_first_page = shm::kNoPage;  // so that nobody frees them again
    }
    is_readable_ = body_.size() == slot.request_bytes && request_.Parse(head_, body_);
}

void RequestRun::Refuse(const Failure &failure) {
    abandoned_ = false;
    first_call_us_ = 0;
    phase_ = Phase::kWaiting;
    Finish(failure);
}

void RequestRun::Begin(Endpoint &endpoint, uint32_t timeout_ms) {
    endpoint_ = &endpoint;
    timeout_ms_ = timeout_ms;
    expires_us_ = timeout_ms > 0 ? NowUs() + timeout_ms * kMillisecond : 0;
    abandoned_ = retried_ = reopening_ = false;
    barrier_ = IsTransactionStep(head_.operation) || head_.session == common::SessionUse::kOrdered;
    first_call_us_ = 0;
    phase_ = Phase::kWaiting;
    item_bytes_ = EncodedItemBytes(request_);
    if (!endpoint.config_error.empty()) {
        Finish(MakeFailure(Code::kInvalidArgument, Cause::kConfig, endpoint.config_error));
        return;
    }
    if (IsTooLarge()) {
        Finish(MakeFailure(Code::kOutOfRange, Cause::kBadRequest,
                           "a request of more than 4 MiB (" + std::to_string(common::kMaxRequestBytes) +
                               " bytes) would be refused by the server"));
        return;
    }
    if (head_.operation == Operation::kPing) {
        phase_ = Phase::kCalling;
        MakeCall(0);
        return;
    }
    if (head_.operation == Operation::kInsert && head_.groupable && !IsTransactional() &&
        engine_.config.group_inserts) {
        return endpoint.groups.Add(engine_, endpoint, *this);
    }
    EnterSession();
}

bool RequestRun::IsTooLarge() const {
    const uint64_t names =
        request_.namespace_name.size() + request_.table_name.size() + request_.user_id.size();
    const uint64_t room = common::kMaxRequestBytes - kMessageHeadBytes;
    if (names + request_.sql.size() > room) return true;
    if (head_.operation == Operation::kInsert) return names + item_bytes_ > room;
    for (size_t i = 0; i < request_.items.size(); ++i) {
        const uint64_t updates = i < request_.updates.size() ? request_.updates[i].size() : 0;
        if (names + request_.items[i].size() + updates > room) return true;
    }
    return false;
}

void RequestRun::EnterSession() {
    const int64_t now = NowUs();
    const bool own = barrier_ || IsTransactional();
    session_ = own ? &endpoint_->OwnSession(pid(), now) : &endpoint_->SessionForAny(pid(), now);
    next_item_ = 0;
    again_.clear();
    failed_item_ = UINT32_MAX;
    window_failure_ = {};
    session_->Enter(*this);
}

void RequestRun::WaitForSessionAgain() {
    phase_ = Phase::kWaiting;
    in_session_ = false;
    Session &session = *session_;
    session.Leave(*this);
    session.EnterFirst(*this);
}

void RequestRun::LeaveSession() {
    if (!in_session_) return;
    in_session_ = false;
    session_->Leave(*this);
}

bool RequestRun::MayStart() {
    return MayStartInTransaction();
}

void RequestRun::Start() {
    in_session_ = true;
    phase_ = Phase::kCalling;
    if (IsWindowed()) {
        FillWindow();
    } else {
        MakeCall(0);
    }
}

TableTarget RequestRun::Target() const {
    return {.namespace_name = request_.namespace_name,
            .table_name = request_.table_name,
            .type = head_.table_type,
            .user_id = request_.user_id};
}

Call &RequestRun::MakeCall(uint32_t item) {
    Call &call = engine_.MakeCall(*this, RpcFor(head_.operation), *endpoint_, timeout_ms_);
    call.item = item;
    if (session_ != nullptr) {
        call.session_id = session_->id();
        call.transaction_id = session_->transaction();
    }
    ++calls_in_flight_;
    NoteCall();
    if (call.rpc == Rpc::kInsert) {
        endpoint_->stats.rows_sent.fetch_add(request_.items.size(), std::memory_order_relaxed);
    }
    return call;
}

void RequestRun::NoteCall() {
    if (first_call_us_ == 0) {
        first_call_us_ = NowUs();
        answer_.queued_us = static_cast<uint64_t>(std::max<int64_t>(0, first_call_us_ - slot_->sent_at_us));
    }
    ++answer_.calls;
}

grpc::ByteBuffer RequestRun::Encode(const Call &call) const {
    switch (call.rpc) {
        case Rpc::kScan: {
            const bool by_key = head_.operation == Operation::kLookup;
            return EncodeScan(request_, Target(), call.session_id,
                              by_key ? &request_.items[call.item] : nullptr);
        }
        case Rpc::kInsert: {
            const ParsedRequest *source = &request_;
            return EncodeInsert({&source, 1}, Target(), call.session_id);
        }
        case Rpc::kUpdate:
            return EncodeUpdate(Target(), call.session_id, request_.items[call.item],
                                request_.updates[call.item]);
        case Rpc::kDelete:
            return EncodeDelete(Target(), call.session_id, request_.items[call.item]);
        case Rpc::kExecuteSql:
        case Rpc::kExecuteQuery:
            return EncodeStatement(request_.sql, call.session_id);
        default:
            return EncodeSessionCall(call.rpc, call.session_id, call.transaction_id);
    }
}

void RequestRun::OnCallEnd(Call &call, const Failure &failure) {
    --calls_in_flight_;
    if (session_ != nullptr && failure.Ok()) session_->NoteActivity(call.started_us);
    switch (head_.operation) {
        case Operation::kBegin:
            return OnBeginEnd(call, failure);
        case Operation::kCommit:
            return OnCommitEnd(call, failure);
        case Operation::kRollback:
            return OnRollbackEnd(call, failure);
        default:
            return IsWindowed() ? OnWindowCallEnd(call, failure) : OnSingleEnd(call, failure);
    }
}

void RequestRun::OnSessionFailure(const Failure &failure) {
    Finish(failure);
}

// ---- one call -----------------------------------------------------------------------------------------------

void RequestRun::OnSingleEnd(Call &call, const Failure &failure) {
    if (failure.Ok()) return FinishSingle(call);
    if (HandleForgotten(call, failure)) return;
    NoteTransactionError(failure);
    LeaveSession();
    Finish(failure);
}

void RequestRun::FinishSingle(Call &call) {
    uint64_t rows = 0;
    std::string text;
    bool good = false;
    switch (call.rpc) {
        case Rpc::kInsert:
            good = DecodeAffectedRows(call.response, &rows);
            break;
        case Rpc::kScan:
            good = DecodeScan(std::move(call.response), answer_body_);
            break;
        case Rpc::kExecuteQuery:
            good = DecodeQuery(std::move(call.response), answer_body_);
            break;
        case Rpc::kExecuteSql:
            good = DecodeMessage(call.response, &text);
            answer_body_.AppendCopy(text);
            break;
        default:
            good = DecodePing(call.response);
            break;
    }
    LeaveSession();
    if (good) {
        FinishWithRows(rows);
    } else {
        Finish(BadAnswer(call.rpc));
    }
}

// The server has forgotten the session. Outside a transaction: opens it again and tries once more, since it has
// not acted. True: that is under way, or the request is finished.
bool RequestRun::HandleForgotten(Call &call, const Failure &failure) {
    if (!IsForgottenSession(failure)) return false;
    session_->NoteForgotten(call.session_id);
    if (session_->HasTransaction() && IsTransactional() && head_.operation != Operation::kBegin) {
        if (call.session_id == session_->id()) session_->NextLife();
        LeaveSession();
        Finish(MakeFailure(failure.status.code, Cause::kSessionLost, failure.text));
        return true;
    }
    if (retried_ || abandoned_) return false;
    retried_ = true;
    endpoint_->stats.retries.fetch_add(1, std::memory_order_relaxed);
    WaitForSessionAgain();
    return true;
}

void RequestRun::NoteTransactionError(const Failure &failure) {
    if (IsTransactional() && EndsTransaction(failure)) session_->KillTransaction(failure.text);
}

// ---- giving up ----------------------------------------------------------------------------------------------

void RequestRun::Abandon() {
    abandoned_ = true;
    if (group_ != nullptr) {
        if (group_->Withdraw(*this)) Release();
        return;
    }
    switch (phase_) {
        case Phase::kWaiting:
            session_->Withdraw(*this);
            Release();
            break;
        case Phase::kCalling:
            CancelCalls();
            if (MayDrop()) Drop();
            break;
        case Phase::kAnswering:
            std::erase(engine_.stalled, this);
            Release();
            break;
        case Phase::kUnused:
            break;
    }
}

void RequestRun::CancelCalls() {
    if (IsTransactionStep(head_.operation)) return;  // what becomes of the transaction must be known
    const int64_t now_us = NowUs();
    const bool is_followed = head_.session != common::SessionUse::kAny;  // by a rollback or an undo
    for (Call *call : engine_.calls.live()) {
        if (call->work != this) continue;
        if (is_followed && Writes(call->rpc)) {
            call->cancel_at_us = now_us + common::kCancelGraceMs * kMillisecond;
        } else {
            call->Abandon(now_us);
        }
    }
}

// Whether its calls can end without it: it is a read of no transaction, and some of them could not be cancelled at once.
bool RequestRun::MayDrop() const {
    if (barrier_ || !in_session_ || IsTransactional() || Writes(RpcFor(head_.operation))) return false;
    bool goes_on = false;
    for (const Call *call : engine_.calls.live()) {
        if (call->work != this) continue;
        if (!call->is_sent.load(std::memory_order_acquire)) return false;  // it is being encoded
        goes_on |= call->cancel == CancelReason::kNone;
    }
    return goes_on;
}

void RequestRun::Drop() {
    DroppedRead &read =
        *engine_.dropped_reads.emplace_back(std::make_unique<DroppedRead>(engine_, *session_));
    for (Call *call : engine_.calls.live()) {
        if (call->work == this) read.Take(*call);
    }
    calls_in_flight_ = 0;
    in_session_ = false;
    Release();
}

void RequestRun::Expire(int64_t now_us) {
    if (phase_ != Phase::kWaiting || group_ != nullptr || expires_us_ == 0 || now_us < expires_us_) return;
    session_->Withdraw(*this);
    Finish(TimedOutWaiting());
}

Failure RequestRun::TimedOutWaiting() const {
    return MakeFailure(Code::kDeadlineExceeded, Cause::kTimeout,
                       "not sent within " + std::to_string(timeout_ms_) + " ms");
}

void RequestRun::FailForStop() {
    if (phase_ == Phase::kUnused) return;
    Failure failure = MakeFailure(Code::kUnavailable, Cause::kWorkerGone, {});
    const bool may_have_acted = first_call_us_ != 0 && Writes(RpcFor(head_.operation));
    if (may_have_acted) failure.status.outcome = common::Outcome::kUnknown;
    if (phase_ == Phase::kAnswering) std::erase(engine_.stalled, this);
    Finish(failure);
}

// ---- the end ------------------------------------------------------------------------------------------------

Failure RequestRun::BadAnswer(Rpc rpc) {
    Failure failure = MakeFailure(Code::kInternal, Cause::kBadAnswer,
                                  std::string("the answer to ") + shm::RpcName(static_cast<int>(rpc)));
    if (Writes(rpc)) failure.status.outcome = common::Outcome::kUnknown;
    return failure;
}

void RequestRun::FinishWithRows(uint64_t affected_rows) {
    answer_.affected_rows = affected_rows;
    endpoint_->stats.rows_affected.fetch_add(affected_rows, std::memory_order_relaxed);
    Finish({});
}

bool RequestRun::Finish(const Failure &failure) {
    if (first_call_us_ != 0) answer_.remote_us = static_cast<uint64_t>(NowUs() - first_call_us_);
    return Answer(failure);
}

void RequestRun::Reset() {
    engine_.region->header().running_requests.fetch_sub(1, std::memory_order_relaxed);  // see Load
    phase_ = Phase::kUnused;
    session_ = nullptr;
    group_ = nullptr;
    responses_.clear();
    answer_body_.Clear();
    if (body_.capacity() > kKeepBytes) {
        body_ = {};
        request_ = {};
    }
}

}  // namespace kalam::worker::rpc
