// The gate and the life of a session (session.h).
#include "worker/rpc/session.h"

#include <algorithm>
#include <cstdio>

#include "worker/rpc/clock.h"
#include "worker/rpc/decode.h"
#include "worker/rpc/engine.h"

namespace kalam::worker::rpc {

namespace {

// KalamDB forgets a session after 5 s without a call (unless it has a transaction).
constexpr int64_t kForgottenAfterUs = 4 * kSecond;
constexpr int64_t kKeepWarmEveryUs = 3 * kSecond;
// It is opened again when its lease has less than this left.
constexpr int64_t kLeaseReserveMs = 60 * 1000;
constexpr uint32_t kWarmTimeoutMs = 5000;

}  // namespace

Session::Session(Engine &engine, Endpoint &endpoint, int32_t pid, bool is_carrier)
    : engine_(engine),
      endpoint_(endpoint),
      pid_(pid),
      is_carrier_(is_carrier),
      last_use_us_(NowUs()),
      view_(engine.session_entries, endpoint.name, is_carrier ? 0 : pid) {
    MakeId();
}

Session::~Session() = default;

// pg-<pid>-<hash>, where the hash is the endpoint's plus the number of the life: in the first life of the first
// worker just the endpoint's. The server reads the pid, and compares hashes as numbers.
void Session::MakeId() {
    constexpr uint32_t kLivesOfAnEpoch = 1 << 20;
    uint64_t hash = 0;
    for (size_t i = 0; i < sizeof hash; ++i) hash = hash << 8 | endpoint_.id.bytes[i];
    std::string id;
    do {
        const uint64_t life = uint64_t{engine_.epoch - 1} * kLivesOfAnEpoch + life_++;
        char text[48];
        std::snprintf(text, sizeof text, "pg-%d-%016llx", pid_, static_cast<unsigned long long>(hash + life));
        id = text;
    } while (engine_.IsSessionIdInUse(id));  // this session's own counts too, if its backend has gone
    id_ = std::move(id);
    view_.SetId(id_);
}

// ---- the gate -----------------------------------------------------------------------------------------------

void Session::Enter(Work &work) {
    queue_.push_back(&work);
    Pump();
}

void Session::EnterFirst(Work &work) {
    queue_.push_front(&work);
    Pump();
}

void Session::Leave(Work &work) {
    --in_;
    if (work.IsBarrier()) barrier_in_ = false;
    last_use_us_ = NowUs();
    Pump();
}

void Session::Withdraw(Work &work) {
    std::erase(queue_, &work);
    Pump();  // it may have been a barrier that held others up
}

void Session::Pump() {
    if (pumping_) return;  // Start or MayStart of a work led back here: the loop below goes on
    pumping_ = true;
    while (!queue_.empty() && !barrier_in_) {
        Work &work = *queue_.front();
        if (work.IsBarrier() && in_ > 0) break;
        if (!work.MayStart()) {
            std::erase(queue_, &work);
            continue;
        }
        if (state_ == State::kOpening) break;
        if (NeedsOpening(NowUs())) {
            // Calls of the same transaction owner must not overlap with the opening.
            if (!is_carrier_ && in_ > 0) break;
            Open(work.timeout_ms());
            break;
        }
        queue_.pop_front();
        ++in_;
        barrier_in_ = work.IsBarrier();
        view_.NoteUse();
        work.Start();
    }
    pumping_ = false;
}

bool Session::NeedsOpening(int64_t now_us) const {
    if (state_ != State::kOpen) return true;
    if (lease_ends_ms_ - UnixMs() < kLeaseReserveMs) return true;
    const bool is_kept_by_server = HasTransaction() && !unpinned_;
    return !is_kept_by_server && now_us - last_activity_us_ > kForgottenAfterUs;
}

void Session::Open(uint32_t timeout_ms) {
    state_ = State::kOpening;
    was_opened_ = true;
    Publish();
    engine_.MakeCall(*this, Rpc::kOpenSession, endpoint_, timeout_ms).session_id = id_;
}

void Session::OnOpened(Call &call, const Failure &failure) {
    Failure result = failure;
    if (result.Ok() && !DecodeOpenSession(call.response, &lease_ends_ms_)) {
        result = MakeFailure(common::Code::kInternal, common::Cause::kBadAnswer, "the answer to OpenSession");
    }
    if (result.Ok()) {
        state_ = State::kOpen;
        last_activity_us_ = call.started_us;
        unpinned_ = HasTransaction();
        if (lease_ends_ms_ <= UnixMs() + kLeaseReserveMs) lease_ends_ms_ = INT64_MAX;  // no clock to rely on
        endpoint_.stats.sessions_opened.fetch_add(1, std::memory_order_relaxed);
        view_.NoteOpened();
    } else {
        state_ = State::kClosed;
        std::deque<Work *> waiting;
        waiting.swap(queue_);
        for (Work *work : waiting) work->OnSessionFailure(result);
    }
    Publish();
    Pump();
}

// ---- what works tell ----------------------------------------------------------------------------------------

void Session::NoteActivity(int64_t started_us) {
    last_activity_us_ = std::max(last_activity_us_, started_us);
}

void Session::NoteForgotten(const std::string &session_id) {
    if (session_id != id_ || state_ != State::kOpen) return;
    state_ = State::kClosed;
    Publish();
}

void Session::BeginTransaction(std::string id) {
    transaction_ = std::move(id);
    death_.clear();
    unpinned_ = false;
    Publish();
}

void Session::EndTransaction() {
    transaction_.clear();
    death_.clear();
    unpinned_ = false;
    Publish();
}

void Session::KillTransaction(std::string reason) {
    if (HasTransaction() && death_.empty()) death_ = std::move(reason);
}

void Session::NextLife() {
    SessionView view(engine_.session_entries, endpoint_.name, is_carrier_ ? 0 : pid_);
    view.SetId(id_);
    engine_.CloseLater(endpoint_, id_, std::move(transaction_), std::move(view));
    transaction_.clear();
    death_.clear();
    unpinned_ = false;
    was_opened_ = false;
    state_ = State::kClosed;
    MakeId();
    Publish();
}

// ---- regular attention --------------------------------------------------------------------------------------

bool Session::IsKeptBy(int64_t now_us) const {
    if (is_carrier_ || HasTransaction()) return true;  // the carrier is closed by its endpoint when idle
    return now_us - last_use_us_ < engine_.config.session_warm_ms * kMillisecond;
}

void Session::Tick(int64_t now_us) {
    if (state_ != State::kOpen) return;
    const bool is_kept_by_server = HasTransaction() && !unpinned_;
    const int64_t idle_us = now_us - last_activity_us_;
    if (!is_kept_by_server && in_ == 0 && queue_.empty()) {
        if (IsKeptBy(now_us) && idle_us >= kKeepWarmEveryUs && !NeedsOpening(now_us)) KeepWarm();
        if (!IsKeptBy(now_us) && idle_us > kForgottenAfterUs) state_ = State::kClosed;
    }
    Publish();
    view_.Write(UnixMs() - (now_us - last_use_us_) / kMillisecond);
}

// An Insert without rows: the server counts it as activity and looks at no table.
void Session::KeepWarm() {
    ++in_;
    engine_.MakeCall(*this, Rpc::kInsert, endpoint_, kWarmTimeoutMs).session_id = id_;
}

bool Session::TryClose() {
    if (!IsQuiet()) return false;
    if (state_ == State::kOpen || HasTransaction()) {
        engine_.CloseLater(endpoint_, id_, std::move(transaction_), std::move(view_));
    }
    return true;
}

void Session::CloseForStop() {
    if (!was_opened_ || (state_ == State::kClosed && !HasTransaction())) return;
    engine_.CloseLater(endpoint_, id_, std::move(transaction_), std::move(view_));
}

void Session::Publish() {
    using shm::SessionState;
    switch (state_) {
        case State::kClosed:
            return view_.SetState(SessionState::kUnused);
        case State::kOpening:
            return view_.SetState(SessionState::kOpening);
        case State::kOpen:
            return view_.SetState(HasTransaction() ? SessionState::kInTransaction : SessionState::kOpen);
    }
}

// ---- its own calls ------------------------------------------------------------------------------------------

void Session::OnCallEnd(Call &call, const Failure &failure) {
    if (call.rpc == Rpc::kOpenSession) return OnOpened(call, failure);
    --in_;
    if (failure.Ok()) {
        NoteActivity(call.started_us);
    } else {
        NoteForgotten(call.session_id);
    }
    Pump();
}

grpc::ByteBuffer Session::Encode(const Call &call) const {
    if (call.rpc == Rpc::kOpenSession) return EncodeSessionCall(call.rpc, call.session_id, {});
    constexpr TableTarget kNoTable = {.namespace_name = "kalam", .table_name = "keep_alive"};
    return EncodeInsert({}, kNoTable, call.session_id);
}

}  // namespace kalam::worker::rpc
