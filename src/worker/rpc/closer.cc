// Closes sessions in the background (closer.h).
#include "worker/rpc/closer.h"

#include "worker/rpc/clock.h"
#include "worker/rpc/encode.h"
#include "worker/rpc/engine.h"

namespace kalam::worker::rpc {

namespace {

constexpr uint32_t kTimeoutMs = 5000;
constexpr int64_t kRetryEveryUs = kSecond;
// The server gives up a transaction without activity after 5 minutes, and a session long before.
constexpr int64_t kGiveUpAfterUs = 10 * 60 * kSecond;

}  // namespace

Closer::Closer(Engine &engine, Endpoint &endpoint, std::string session_id, std::string transaction,
               SessionView view)
    : engine_(engine),
      endpoint_(endpoint),
      session_id_(std::move(session_id)),
      transaction_(std::move(transaction)),
      view_(std::move(view)),
      step_(transaction_.empty() ? Step::kClose : Step::kRollback),
      give_up_us_(NowUs() + kGiveUpAfterUs) {
    ++endpoint_.closers;
    view_.SetState(shm::SessionState::kClosing);
}

Closer::~Closer() {
    --endpoint_.closers;
}

void Closer::Tick(int64_t now_us) {
    if (in_flight_ || IsDone() || now_us < next_try_us_) return;
    if (now_us >= give_up_us_) {
        engine_.AddLog(Log::kWarning, "could not close session %s on %s: gave up", session_id_.c_str(),
                       endpoint_.name.c_str());
        step_ = Step::kDone;
        return;
    }
    in_flight_ = true;
    next_try_us_ = now_us + kRetryEveryUs;
    const Rpc rpc = step_ == Step::kRollback ? Rpc::kRollback
                    : step_ == Step::kReopen ? Rpc::kOpenSession
                                             : Rpc::kCloseSession;
    Call &call = engine_.MakeCall(*this, rpc, endpoint_, kTimeoutMs);
    call.session_id = session_id_;
    call.transaction_id = transaction_;
}

void Closer::OnCallEnd(Call &, const Failure &failure) {
    in_flight_ = false;
    const bool answered = failure.Ok() || failure.status.cause == common::Cause::kServer;
    if (!answered && failure.status.cause != common::Cause::kBadAnswer) return;  // again at a later tick
    Advance(failure);
    if (step_ == Step::kDone) {
        endpoint_.stats.sessions_closed.fetch_add(1, std::memory_order_relaxed);
        return;
    }
    next_try_us_ = 0;
    Tick(NowUs());
}

void Closer::Advance(const Failure &failure) {
    switch (step_) {
        case Step::kRollback:
            if (IsForgottenSession(failure) && !reopened_) {
                reopened_ = true;
                step_ = Step::kReopen;
            } else {
                step_ = Step::kClose;
            }
            break;
        case Step::kReopen:
            step_ = failure.Ok() ? Step::kRollback : Step::kClose;
            break;
        case Step::kClose:
        case Step::kDone:
            step_ = Step::kDone;
            break;
    }
}

grpc::ByteBuffer Closer::Encode(const Call &call) const {
    return EncodeSessionCall(call.rpc, call.session_id, call.transaction_id);
}

}  // namespace kalam::worker::rpc
