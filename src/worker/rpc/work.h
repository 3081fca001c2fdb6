// What may make calls: a request (request_run.h), a group of inserts (grouping.h), a session for itself
// (session.h), the closing of a session (closer.h). Everything here is called with the engine's lock held,
// except Encode.
#pragma once

#include <grpcpp/support/byte_buffer.h>

#include <cstdint>

#include "worker/rpc/status_map.h"

namespace kalam::worker::rpc {

struct Call;

class Work {
 public:
    virtual ~Work() = default;

    // At the head of the session's queue, before the session is opened for it. False: it has ended by itself
    // (it needs no call, or must not be made).
    virtual bool MayStart() { return true; }
    // The session has let it in: start calls. It stays in until it calls Session::Leave.
    virtual void Start() = 0;
    // One of its calls has ended.
    virtual void OnCallEnd(Call &call, const Failure &failure) = 0;
    // It waited for a session that could not be opened; it is out of the queue.
    virtual void OnSessionFailure(const Failure &failure) = 0;
    // The call's request. Without the lock; reads only what is constant while the call lives.
    virtual grpc::ByteBuffer Encode(const Call &call) const = 0;

    // It still makes calls when the worker stops.
    virtual bool GoesOnAtStop() const { return false; }

    bool IsBarrier() const { return barrier_; }
    uint32_t timeout_ms() const { return timeout_ms_; }

 protected:
    bool barrier_ = false;     // alone on its session while it is in
    uint32_t timeout_ms_ = 0;  // of each call; 0: none
};

}  // namespace kalam::worker::rpc
