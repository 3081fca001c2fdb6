// Requests with an item list of their own: kLookup (a Scan per key), kUpdate, kDelete. The worker keeps
// head.window calls in flight and answers once. Called with the engine's lock held.
//
// A failure stops the sending; what is in flight is waited for; the failure of the first failed item is the
// request's. Items that met a forgotten session are sent again after it was opened again.
#include <algorithm>

#include "worker/rpc/decode.h"
#include "worker/rpc/engine.h"
#include "worker/rpc/request_run.h"

namespace kalam::worker::rpc {

using common::Operation;

bool RequestRun::IsWindowed() const {
    return head_.operation == Operation::kLookup || head_.operation == Operation::kUpdate ||
           head_.operation == Operation::kDelete;
}

void RequestRun::FillWindow() {
    const int window = std::clamp<int>(head_.window, 1, 64);
    if (head_.operation == Operation::kLookup) responses_.resize(request_.items.size());
    while (calls_in_flight_ < window && failed_item_ == UINT32_MAX && !abandoned_) {
        if (!again_.empty()) {
            const uint32_t item = again_.back();
            again_.pop_back();
            MakeCall(item);
        } else if (next_item_ < request_.items.size()) {
            MakeCall(next_item_++);
        } else {
            break;
        }
    }
    if (calls_in_flight_ == 0) EndWindow();
}

void RequestRun::OnWindowCallEnd(Call &call, const Failure &failure) {
    const bool missing =
        head_.operation == Operation::kUpdate && !head_.stop_at_missing && IsMissingRow(failure);
    // In mid-transaction the session's loss is the request's; a second loss in a row is, too.
    const bool may_reopen = !(IsTransactional() && session_->HasTransaction()) && !abandoned_;
    if (failure.Ok() || missing) {
        if (missing || TakeWindowResult(call)) {
            ++answer_.items_done;
        } else {
            NoteWindowFailure(call.item, BadAnswer(call.rpc));
        }
    } else if (IsForgottenSession(failure) && may_reopen && !(retried_ && !reopening_)) {
        session_->NoteForgotten(call.session_id);
        if (!reopening_) endpoint_->stats.retries.fetch_add(1, std::memory_order_relaxed);
        retried_ = reopening_ = true;
        again_.push_back(call.item);
    } else {
        NoteWindowFailure(call.item, WindowFailure(call, failure));
    }
    if (!reopening_) return FillWindow();
    if (calls_in_flight_ > 0) return;
    reopening_ = false;
    if (failed_item_ != UINT32_MAX || abandoned_) return EndWindow();
    WaitForSessionAgain();
}

// What a failed call of the window means for the transaction it was part of.
Failure RequestRun::WindowFailure(const Call &call, const Failure &failure) {
    NoteTransactionError(failure);
    if (!IsForgottenSession(failure) || !IsTransactional()) return failure;
    session_->NoteForgotten(call.session_id);
    if (call.session_id == session_->id() && session_->HasTransaction()) session_->NextLife();
    return MakeFailure(failure.status.code, common::Cause::kSessionLost, failure.text);
}

void RequestRun::NoteWindowFailure(uint32_t item, const Failure &failure) {
    if (item >= failed_item_) return;
    failed_item_ = item;
    window_failure_ = failure;
}

bool RequestRun::TakeWindowResult(Call &call) {
    if (call.rpc == Rpc::kScan) {
        responses_[call.item].Swap(&call.response);
        return true;
    }
    uint64_t rows = 0;
    if (!DecodeAffectedRows(call.response, &rows)) return false;
    answer_.affected_rows += rows;
    return true;
}

void RequestRun::EndWindow() {
    LeaveSession();
    const bool readable =
        std::all_of(responses_.begin(), responses_.end(), [this](grpc::ByteBuffer &response) {
            return failed_item_ != UINT32_MAX || DecodeScan(std::move(response), answer_body_);
        });
    if (failed_item_ != UINT32_MAX) {
        Finish(window_failure_);
    } else if (!readable) {
        Finish(BadAnswer(Rpc::kScan));
    } else {
        FinishWithRows(answer_.affected_rows);
    }
}

}  // namespace kalam::worker::rpc
