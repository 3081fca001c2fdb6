// A server that answers every RPC with bytes that are no message: each is an error, none a crash.
#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/server_builder.h>

#include "check.h"
#include "harness.h"

using namespace kalam;
using namespace kalam::test;
using common::Cause;
using common::Operation;
using common::Outcome;

namespace {

// Answers whatever is called with the bytes of `answer`; OpenSession with nothing, which is a good answer.
class GarbageServer final : public grpc::CallbackGenericService {
 public:
    GarbageServer() {
        grpc::ServerBuilder builder;
        builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
        builder.RegisterCallbackGenericService(this);
        server_ = builder.BuildAndStart();
    }
    ~GarbageServer() override { server_->Shutdown(std::chrono::system_clock::now()); }

    int port = 0;
    std::string answer = "\x0a\x7fno message";

 private:
    class Reactor final : public grpc::ServerGenericBidiReactor {
     public:
        explicit Reactor(const std::string &answer) {
            grpc::Slice slice(answer);
            response_ = grpc::ByteBuffer(&slice, 1);
            StartRead(&request_);
        }
        void OnReadDone(bool) override { StartWriteAndFinish(&response_, {}, grpc::Status::OK); }
        void OnDone() override { delete this; }

     private:
        grpc::ByteBuffer request_, response_;
    };

    grpc::ServerGenericBidiReactor *CreateReactor(grpc::GenericCallbackServerContext *context) override {
        const bool opens = context->method().find("OpenSession") != std::string::npos;
        return new Reactor(opens ? std::string() : answer);
    }

    std::unique_ptr<grpc::Server> server_;
};

}  // namespace

TEST(EveryOperationSurvivesGarbage) {
    GarbageServer server;
    Worker worker;
    Backend backend(worker, {.port = server.port}, 0);
    CHECK_EQ(backend.Call(Operation::kPing, {}, {}).head.status.cause, Cause::kBadAnswer);
    CHECK_EQ(backend.Scan().head.status.cause, Cause::kBadAnswer);
    CHECK_EQ(backend.Call(Operation::kExecuteSql, BodyOf({"X"}), {}).head.status.cause, Cause::kBadAnswer);
    CHECK_EQ(backend.Call(Operation::kExecuteQuery, BodyOf({"X"}), {}).head.status.cause, Cause::kBadAnswer);
    for (const bool groupable : {true, false}) {
        const TestAnswer insert = backend.Insert("{}", groupable);
        CHECK_EQ(insert.head.status.cause, Cause::kBadAnswer);
        CHECK_EQ(insert.head.status.outcome, Outcome::kUnknown);
    }
    for (const Operation operation : {Operation::kLookup, Operation::kUpdate, Operation::kDelete}) {
        CHECK_EQ(backend.Keys(operation, {"1", "2", "3"}, {.window = 2}).head.status.cause,
                 Cause::kBadAnswer);
    }
    CHECK_EQ(backend.Begin().head.status.cause, Cause::kBadAnswer);
    CHECK(worker.AllSlotsFree());
}
