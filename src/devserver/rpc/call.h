// One call, from the wait for it to the end of its answer; each is its own tag on the completion queue.
//   kAwaited -> kReading -> [kDelayed] -> [kDropped] -> kAnswering -> gone
// Owned by itself: the queue hands it to one thread at a time, and the last event deletes it.
#pragma once

#include <grpcpp/alarm.h>
#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/server.h>

#include <atomic>

#include "devserver/faults/fault_plan.h"
#include "devserver/rpc/dispatch.h"

namespace kalam::devserver::rpc {

class Call : private faults::HeldCall {
 public:
    struct Server {
        grpc::AsyncGenericService &service;
        grpc::ServerCompletionQueue &queue;
        const Dispatcher &dispatcher;
        faults::FaultPlan *faults;  // null: never
        std::atomic<int> &alive;    // calls that exist; notified at each end
    };

    // Starts to wait for one call.
    static void Await(const Server &server);
    // Handles this call's next event.
    void Proceed(bool ok);

 private:
    enum class State : uint8_t { kAwaited, kReading, kDelayed, kDropped, kAnswering };

    explicit Call(const Server &server);
    ~Call() override;
    void StartTimer(int64_t millis) override;
    void Release() override { alarm_.Cancel(); }

    void Begin();
    void Hold(State state, int64_t millis);
    void Answer();
    void AnswerBroken();
    void Finish(const grpc::Status &status);
    void FinishWith(const grpc::ByteBuffer &answer);
    CallContext ReadContext() const;

    const Server server_;
    State state_ = State::kAwaited;
    grpc::GenericServerContext context_;
    grpc::GenericServerAsyncReaderWriter stream_;
    grpc::ByteBuffer request_;
    grpc::Alarm alarm_;
    faults::Fault fault_;
};

}  // namespace kalam::devserver::rpc
