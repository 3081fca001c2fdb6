// A read that nobody waits for any more and whose calls could not be reset at once (resets.h). It takes the answers in and throws
// them away. It stays in the session until then, since a Begin must not overlap with them; its slot is free already. Made by
// request_run.cc, with the engine's lock held.
#pragma once

#include "worker/rpc/work.h"

namespace kalam::worker::rpc {

struct Engine;
class Session;

class DroppedRead final : public Work {
 public:
    DroppedRead(Engine &engine, Session &session) : engine_(engine), session_(session) {}

    // Before the calls end.
    void Take(Call &call);

    void Start() override {}
    void OnCallEnd(Call &call, const Failure &failure) override;  // the last one destroys it
    void OnSessionFailure(const Failure &) override {}
    grpc::ByteBuffer Encode(const Call &) const override { return {}; }  // they were sent before

 private:
    Engine &engine_;
    Session &session_;
    int calls_ = 0;
};

}  // namespace kalam::worker::rpc
