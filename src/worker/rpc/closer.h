// Ends a session that nobody uses any more: rolls its transaction back if it has one, closes it, and tries again
// while the link is down, for a bounded time. Owned by the engine; called with its lock held.
#pragma once

#include <cstdint>
#include <string>

#include "worker/rpc/session_view.h"
#include "worker/rpc/work.h"

namespace kalam::worker::rpc {

struct Engine;
struct Endpoint;

class Closer final : public Work {
 public:
    Closer(Engine &engine, Endpoint &endpoint, std::string session_id, std::string transaction,
           SessionView view);
    ~Closer() override;

    const std::string &session_id() const { return session_id_; }
    bool IsDone() const { return step_ == Step::kDone; }
    // Tries the next step if it is time for it.
    void Tick(int64_t now_us);

    void Start() override {}
    void OnCallEnd(Call &call, const Failure &failure) override;
    void OnSessionFailure(const Failure &) override {}
    bool GoesOnAtStop() const override { return true; }
    grpc::ByteBuffer Encode(const Call &call) const override;

 private:
    // kRollback -> kClose -> kDone; kRollback -> kReopen -> kRollback once, when the server has forgotten the
    // session but not its transaction.
    enum class Step : uint8_t { kRollback, kReopen, kClose, kDone };
    void Advance(const Failure &failure);

    Engine &engine_;
    Endpoint &endpoint_;
    const std::string session_id_;
    const std::string transaction_;
    SessionView view_;
    Step step_;
    bool reopened_ = false;
    bool in_flight_ = false;
    int64_t next_try_us_ = 0;
    int64_t give_up_us_;
};

}  // namespace kalam::worker::rpc
