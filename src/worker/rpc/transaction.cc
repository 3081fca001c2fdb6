// Begin, Commit, Rollback, and what requests may do on a session with or without a transaction. Called with the
// engine's lock held.
//
//   the server's answer             Begin              Commit             Rollback
//     success                       transaction open   none               none
//     it has no such transaction    -                  dead               none: success
//     another refusal               none               dead               next life
//     session forgotten             again, once        next life: lost    next life: success
//     no answer                     next life          next life          next life
//
// "Next life": the session goes on under another id, so that nothing can join a transaction that may still be
// open under the old one; a closer rolls that back.
#include "worker/rpc/decode.h"
#include "worker/rpc/engine.h"
#include "worker/rpc/request_run.h"

namespace kalam::worker::rpc {

using common::Cause;
using common::Code;
using common::Operation;

namespace {

// The server has answered, and said that it did not do it.
bool IsRefusal(const Failure &failure) {
    return failure.status.cause == Cause::kServer && failure.status.code != Code::kUnavailable &&
           failure.status.code != Code::kUnknown && failure.status.code != Code::kCancelled &&
           failure.status.code != Code::kDeadlineExceeded;
}

// Certainly never sent.
bool WasNotSent(const Failure &failure) {
    return failure.status.cause == Cause::kConnect;
}

}  // namespace

bool RequestRun::MayStartInTransaction() {
    const bool has_transaction = session_->HasTransaction();
    if (head_.operation == Operation::kRollback && !has_transaction) {
        Finish({});
        return false;
    }
    if (head_.operation == Operation::kBegin || head_.operation == Operation::kRollback) return true;
    if (!IsTransactional() && head_.operation != Operation::kCommit) return true;
    if (!has_transaction) {
        Finish(MakeFailure(Code::kFailedPrecondition, Cause::kSessionLost,
                           "the remote transaction is not open any more"));
        return false;
    }
    if (session_->IsDead()) {
        Finish(MakeFailure(Code::kFailedPrecondition, Cause::kSessionLost, session_->death()));
        return false;
    }
    return true;
}

void RequestRun::OnBeginEnd(Call &call, const Failure &failure) {
    Failure result = failure;
    std::string id;
    if (result.Ok() && !DecodeTransactionId(call.response, &id)) result = BadAnswer(call.rpc);
    if (result.Ok()) {
        session_->BeginTransaction(std::move(id));
    } else {
        if (HandleForgotten(call, result)) return;
        if (!IsRefusal(result) && !WasNotSent(result)) session_->NextLife();
    }
    // Whether the backend hears of the transaction is known only when its slot is answered, and after that the
    // run may be in use again: what is needed of it is kept.
    Session &session = *session_;
    in_session_ = false;
    const bool heard = Finish(result);
    if (result.Ok() && !heard) session.NextLife();  // nobody would end it
    session.Leave(*this);
}

void RequestRun::OnCommitEnd(Call &, const Failure &failure) {
    Failure result = failure;
    if (result.Ok()) {
        session_->EndTransaction();
    } else if (IsForgottenSession(result)) {
        session_->NextLife();
        result.status.cause = Cause::kSessionLost;
    } else if (IsRefusal(result)) {
        session_->KillTransaction(result.text);
    } else if (!WasNotSent(result)) {
        session_->NextLife();
    }
    LeaveSession();
    Finish(result);
}

void RequestRun::OnRollbackEnd(Call &, const Failure &failure) {
    Failure result = failure;
    const bool is_gone = result.Ok() || IsUnknownTransaction(result) || EndsTransaction(result);
    if (is_gone) {
        session_->EndTransaction();
        result = {};
    } else {
        session_->NextLife();
        if (IsForgottenSession(result)) result = {};
    }
    LeaveSession();
    Finish(result);
}

}  // namespace kalam::worker::rpc
