// Groups of Inserts (grouping.h).
#include "worker/rpc/grouping.h"

#include <algorithm>

#include "worker/rpc/clock.h"
#include "worker/rpc/decode.h"
#include "worker/rpc/engine.h"

namespace kalam::worker::rpc {

using common::Cause;

namespace {
constexpr int kSinglesInFlight = 4;
}

InsertTarget::InsertTarget(Engine &engine, Endpoint &endpoint, const RequestRun &first)
    : engine_(engine),
      endpoint_(endpoint),
      namespace_name_(first.request().namespace_name),
      table_name_(first.request().table_name),
      user_id_(first.request().user_id),
      type_(first.head().table_type) {}

void InsertTarget::Add(RequestRun &run) {
    run.JoinGroup(this);
    waiting_.push_back(&run);
    if (members_.empty()) NextGroup();
}

// ---- making a group -----------------------------------------------------------------------------------------

void InsertTarget::NextGroup() {
    if (waiting_.empty()) return;
    TakeMembers();
    retried_ = one_by_one_ = false;
    session_ = &endpoint_.SessionForAny(members_.front()->pid(), NowUs());
    session_->Enter(*this);
}

// As many as the limits allow, in the order of arrival; at least one.
void InsertTarget::TakeMembers() {
    const Config &config = engine_.config;
    uint64_t rows = 0, bytes = 0;
    timeout_ms_ = 0;
    bool unlimited = false;
    while (!waiting_.empty()) {
        const RequestRun &next = *waiting_.front();
        rows += next.request().items.size();
        bytes += next.item_bytes();
        const bool is_full = rows > static_cast<uint64_t>(config.group_max_rows) ||
                             bytes > static_cast<uint64_t>(config.group_max_bytes);
        if (is_full && !members_.empty()) break;
        unlimited |= next.timeout_ms() == 0;
        timeout_ms_ = std::max(timeout_ms_, next.timeout_ms());
        members_.push_back(waiting_.front());
        waiting_.pop_front();
    }
    if (unlimited) timeout_ms_ = 0;
}

void InsertTarget::Start() {
    in_session_ = true;
    if (one_by_one_) return SendSingles();
    std::erase(members_, nullptr);  // given up while the group waited for its session
    sources_.clear();
    uint64_t rows = 0;
    for (RequestRun *member : members_) {
        sources_.push_back(&member->request());
        rows += member->request().items.size();
        member->NoteCall();
    }
    group_call_ = &engine_.MakeCall(*this, Rpc::kInsert, endpoint_, timeout_ms_);
    group_call_->session_id = session_->id();
    ++calls_;
    endpoint_.stats.rows_sent.fetch_add(rows, std::memory_order_relaxed);
    endpoint_.stats.groups[static_cast<size_t>(shm::GroupBucket(members_.size()))].fetch_add(
        1, std::memory_order_relaxed);
}

grpc::ByteBuffer InsertTarget::Encode(const Call &call) const {
    const TableTarget target = {
        .namespace_name = namespace_name_, .table_name = table_name_, .type = type_, .user_id = user_id_};
    if (!one_by_one_) return EncodeInsert(sources_, target, call.session_id);
    const ParsedRequest *source = sources_[call.item];
    return EncodeInsert({&source, 1}, target, call.session_id);
}

// ---- its end ------------------------------------------------------------------------------------------------

void InsertTarget::OnCallEnd(Call &call, const Failure &failure) {
    --calls_;
    if (failure.Ok()) session_->NoteActivity(call.started_us);
    if (&call == group_call_) {
        OnGroupEnd(call, failure);
    } else {
        OnSingleEnd(call, failure);
    }
}

void InsertTarget::OnGroupEnd(Call &call, const Failure &failure) {
    group_call_ = nullptr;
    Failure result = failure;
    uint64_t rows = 0;
    if (result.Ok() && !DecodeAffectedRows(call.response, &rows)) result = RequestRun::BadAnswer(call.rpc);
    if (IsForgottenSession(result) && !retried_) {
        session_->NoteForgotten(call.session_id);
        endpoint_.stats.retries.fetch_add(1, std::memory_order_relaxed);
        return WaitForSession();
    }
    const bool refused =
        result.status.cause == Cause::kServer && result.status.outcome == common::Outcome::kNotDone;
    if (refused && members_.size() > 1) return SplitIntoSingles();
    const bool is_alone = members_.size() == 1;
    for (RequestRun *member : members_) {
        if (result.Ok()) {
            member->FinishWithRows(is_alone ? rows : member->request().items.size());
        } else {
            member->Finish(result);
        }
    }
    EndGroup();
}

void InsertTarget::SplitIntoSingles() {
    one_by_one_ = true;
    retried_ = false;
    endpoint_.stats.retries.fetch_add(members_.size(), std::memory_order_relaxed);
    singles_.clear();
    for (uint32_t i = 0; i < members_.size(); ++i) singles_.push_back(i);
    SendSingles();
}

void InsertTarget::SendSingles() {
    while (calls_ < kSinglesInFlight && !singles_.empty()) {
        const uint32_t i = singles_.front();
        singles_.pop_front();
        RequestRun *&member = members_[i];
        if (member == nullptr) continue;
        if (member->abandoned()) {
            member->Finish({});
            member = nullptr;
            continue;
        }
        member->NoteCall();
        Call &call = engine_.MakeCall(*this, Rpc::kInsert, endpoint_, member->timeout_ms());
        call.item = i;
        call.session_id = session_->id();
        ++calls_;
    }
    if (calls_ == 0) EndGroup();
}

void InsertTarget::OnSingleEnd(Call &call, const Failure &failure) {
    if (IsForgottenSession(failure) && (!retried_ || reopening_)) {
        session_->NoteForgotten(call.session_id);
        retried_ = reopening_ = true;
        singles_.push_front(call.item);
    } else {
        RequestRun *member = members_[call.item];
        members_[call.item] = nullptr;
        uint64_t rows = 0;
        if (!failure.Ok()) {
            member->Finish(failure);
        } else if (DecodeAffectedRows(call.response, &rows)) {
            member->FinishWithRows(rows);
        } else {
            member->Finish(RequestRun::BadAnswer(call.rpc));
        }
    }
    if (!reopening_) return SendSingles();
    if (calls_ == 0) WaitForSession();
}

// The session must be opened again before the group, or the rest of it, is sent once more.
void InsertTarget::WaitForSession() {
    retried_ = true;
    reopening_ = in_session_ = false;
    session_->Leave(*this);
    session_->EnterFirst(*this);
}

void InsertTarget::OnSessionFailure(const Failure &failure) {
    for (RequestRun *member : members_) {
        if (member != nullptr) member->Finish(failure);
    }
    EndGroup();
}

void InsertTarget::EndGroup() {
    members_.clear();
    sources_.clear();
    singles_.clear();
    if (in_session_) {
        in_session_ = false;
        session_->Leave(*this);
    }
    session_ = nullptr;
    NextGroup();
}

// ---- giving up ----------------------------------------------------------------------------------------------

bool InsertTarget::Withdraw(RequestRun &run) {
    if (std::erase(waiting_, &run) > 0) return true;
    const auto member = std::find(members_.begin(), members_.end(), &run);
    if (!in_session_) {
        *member = nullptr;
        if (std::count(members_.begin(), members_.end(), nullptr) ==
            static_cast<ptrdiff_t>(members_.size())) {
            session_->Withdraw(*this);
            EndGroup();
        }
        return true;
    }
    if (group_call_ != nullptr) {
        if (AllAbandoned()) group_call_->Abandon(NowUs());
    } else {
        CancelSingle(static_cast<uint32_t>(member - members_.begin()));
    }
    return false;
}

bool InsertTarget::AllAbandoned() const {
    return std::all_of(members_.begin(), members_.end(),
                       [](const RequestRun *run) { return run->abandoned(); });
}

void InsertTarget::CancelSingle(uint32_t item) {
    for (Call *call : engine_.calls.live()) {
        if (call->work == this && call->item == item) call->Abandon(NowUs());
    }
}

void InsertTarget::Expire(int64_t now_us) {
    std::erase_if(waiting_, [now_us](RequestRun *run) {
        if (!run->IsExpired(now_us)) return false;
        run->Finish(run->TimedOutWaiting());
        return true;
    });
}

// ---- all targets of an endpoint -----------------------------------------------------------------------------

void InsertGroups::Add(Engine &engine, Endpoint &endpoint, RequestRun &run) {
    const ParsedRequest &request = run.request();
    key_.assign(request.namespace_name);
    key_.push_back('\0');
    key_.append(request.table_name);
    key_.push_back('\0');
    key_.push_back(static_cast<char>(run.head().table_type));
    key_.append(request.user_id);
    std::unique_ptr<InsertTarget> &target = targets_[key_];
    if (target == nullptr) target = std::make_unique<InsertTarget>(engine, endpoint, run);
    target->Add(run);
}

void InsertGroups::Expire(int64_t now_us) {
    for (auto &[key, target] : targets_) target->Expire(now_us);
    std::erase_if(targets_, [](const auto &entry) { return entry.second->IsIdle(); });
}

bool InsertGroups::IsIdle() const {
    return std::all_of(targets_.begin(), targets_.end(),
                       [](const auto &entry) { return entry.second->IsIdle(); });
}

}  // namespace kalam::worker::rpc
