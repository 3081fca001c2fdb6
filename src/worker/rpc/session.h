// A session on a server, and the gate before it. One per (endpoint, backend), and the carrier, one per endpoint,
// on which the autocommit calls of all backends travel when there is more than one. Everything here is called
// with the engine's lock held.
//
// The gate: works enter in the order they were submitted. Ordinary works may be in together; a barrier (Begin,
// Commit, Rollback, DDL) is alone. The session is opened when the first work that needs it gets to the head of the
// queue; opening a backend's own session is a barrier too.
//
// Lives: the server keys a transaction by the session id. When we cannot know whether one is still open under
// our id, the next call must not join it, so the session gets another id (the next life) and the old one is
// closed in the background (closer.h).
//
//   state_   kClosed -> kOpening (the head of the queue needs it) -> kOpen | kClosed (failed)
//            kOpen -> kClosed    forgotten by the server, idle too long, lease over, next life
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <string>

#include "worker/rpc/session_view.h"
#include "worker/rpc/work.h"

namespace kalam::worker::rpc {

struct Engine;
struct Endpoint;

class Session final : public Work {
 public:
    // `pid`: of the backend whose session it is, or of the worker for a carrier.
    Session(Engine &engine, Endpoint &endpoint, int32_t pid, bool is_carrier);
    ~Session() override;

    // ---- the gate
    void Enter(Work &work);       // at the end of the queue
    void EnterFirst(Work &work);  // a work that was in already and must wait for the session again
    void Leave(Work &work);       // a work that is in has ended
    void Withdraw(Work &work);    // a work that waits gives up
    bool IsQuiet() const { return queue_.empty() && in_ == 0 && state_ != State::kOpening; }

    // ---- what works tell
    // The server has answered a call that was sent at `started_us`: it knows the session from then.
    void NoteActivity(int64_t started_us);
    // The server does not know the session (any more). `session_id` is the call's: nothing happens if the
    // session has got another one meanwhile.
    void NoteForgotten(const std::string &session_id);
    void BeginTransaction(std::string id);
    void EndTransaction();                     // committed or rolled back
    void KillTransaction(std::string reason);  // the server has dropped it; only Rollback may follow
    // Whether the server has a transaction under this id, and which, is not known (any more).
    void NextLife();

    bool HasTransaction() const { return !transaction_.empty(); }
    bool IsDead() const { return HasTransaction() && !death_.empty(); }
    const std::string &transaction() const { return transaction_; }
    const std::string &death() const { return death_; }  // why the transaction is dead
    const std::string &id() const { return id_; }
    int32_t pid() const { return pid_; }
    Endpoint &endpoint() { return endpoint_; }

    // Regular attention: keeps it alive, lets it expire, publishes it. Called by timers.cc.
    void Tick(int64_t now_us);
    // The backend has gone, or nobody uses the carrier: once it is quiet, hands over to a closer.
    // True: it has, and may be destroyed.
    bool TryClose();
    // The worker stops: hands over to a closer whatever is under way.
    void CloseForStop();

    // ---- Work: opening, and keeping alive
    void Start() override {}
    void OnCallEnd(Call &call, const Failure &failure) override;
    void OnSessionFailure(const Failure &) override {}
    grpc::ByteBuffer Encode(const Call &call) const override;

 private:
    enum class State : uint8_t { kClosed, kOpening, kOpen };

    void Pump();
    bool NeedsOpening(int64_t now_us) const;
    void Open(uint32_t timeout_ms);
    void OnOpened(Call &call, const Failure &failure);
    void KeepWarm();
    bool IsKeptBy(int64_t now_us) const;
    void MakeId();
    void Publish();

    Engine &engine_;
    Endpoint &endpoint_;
    const int32_t pid_;
    const bool is_carrier_;

    std::deque<Work *> queue_;
    int in_ = 0;
    bool barrier_in_ = false;
    bool pumping_ = false;

    State state_ = State::kClosed;
    std::string id_;
    uint32_t life_ = 0;
    bool was_opened_ = false;  // in this life: the server may have a record
    std::string transaction_;  // empty: none
    std::string death_;
    bool unpinned_ = false;  // opened again in mid-transaction: the server does not keep it by itself
    int64_t last_activity_us_ = 0;
    int64_t last_use_us_ = 0;
    int64_t lease_ends_ms_ = 0;
    SessionView view_;
};

}  // namespace kalam::worker::rpc
