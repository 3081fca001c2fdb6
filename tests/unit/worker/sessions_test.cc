// Sessions: opened when needed, opened again when the server has forgotten them, kept alive, shared, closed.
#include "check.h"
#include "fake_server.h"
#include "harness.h"
#include "worker/rpc/clock.h"

using namespace kalam;
using namespace kalam::test;
using common::Cause;
using common::Operation;

namespace {

TestEndpoint At(const FakeServer &server) {
    return {.port = server.port()};
}

void MoveTimeOn(int64_t ms) {
    worker::rpc::time_moved_on_us += ms * 1000;
}

bool StartsWith(const std::string &text, const std::string &start) {
    return text.substr(0, start.size()) == start;
}

worker::rpc::Config Cold() {
    worker::rpc::Config config = Worker::Settings();
    config.session_warm_ms = 0;
    return config;
}

}  // namespace

TEST(AForgottenSessionIsOpenedAgain) {
    FakeServer server;
    Worker worker;
    Backend backend(worker, At(server), 0);
    CHECK(backend.Insert("{}").head.status.Ok());
    server.ForgetSessions();
    CHECK(backend.Insert("{}").head.status.Ok());
    CHECK(backend.Scan().head.status.Ok());
    server.ForgetSessions();
    CHECK(backend.Scan().head.status.Ok());
    CHECK_EQ(server.Count("OpenSession"), 3u);
    CHECK_EQ(worker.region().stats().endpoints[0].retries.load(), 2u);
    CHECK_EQ(server.CountOverlaps(), 0u);
}

TEST(ASessionThatIsForgottenAtOnceEndsInTheServersError) {
    FakeServer server;
    server.on_call = [&](const SeenCall &call) -> grpc::Status {
        if (call.rpc == "Scan") return {grpc::UNAUTHENTICATED, "session not authenticated"};
        return {};
    };
    Worker worker;
    Backend backend(worker, At(server), 0);
    CHECK_EQ(backend.Scan().body, "session not authenticated");
    CHECK_EQ(server.Count("Scan"), 2u);
}

TEST(AWindowGoesOnAfterTheSessionWasForgotten) {
    FakeServer server;
    server.forgets_sessions_by_itself = false;
    std::atomic<int> calls{0};
    server.on_call = [&](const SeenCall &call) -> grpc::Status {
        if (call.rpc == "Delete" && ++calls > 3 && calls < 6)
            return {grpc::UNAUTHENTICATED, "invalid or expired session"};
        return {};
    };
    Worker worker;
    Backend backend(worker, At(server), 0);
    const std::vector<std::string> keys = {"1", "2", "3", "4", "5", "6", "7", "8"};
    const TestAnswer answer = backend.Keys(Operation::kDelete, keys, {.window = 4});
    CHECK(answer.head.status.Ok());
    CHECK_EQ(answer.head.affected_rows, 8u);
    CHECK_EQ(answer.head.calls, 10u);
    CHECK_EQ(server.Count("OpenSession"), 2u);
    CHECK_EQ(server.CountOverlaps(), 0u);
}

TEST(AnIdleSessionIsOpenedAgainBeforeItIsUsed) {
    FakeServer server;
    Worker worker(Cold());
    Backend backend(worker, At(server), 0);
    CHECK(backend.Scan().head.status.Ok());
    MoveTimeOn(4500);
    CHECK(backend.Scan().head.status.Ok());
    CHECK_EQ(server.Count("OpenSession"), 2u);
    CHECK_EQ(server.Count("Scan"), 2u);
}

TEST(ASessionIsKeptWarmForAWhile) {
    FakeServer server;
    Worker worker;
    Backend backend(worker, At(server), 0);
    CHECK(backend.Scan().head.status.Ok());
    for (size_t i = 1; i <= 3; ++i) {
        MoveTimeOn(3200);
        CHECK(Eventually([&] { return server.CountKeepAlives() == i; }));
    }
    CHECK(backend.Scan().head.status.Ok());
    CHECK_EQ(server.Count("OpenSession"), 1u);
    MoveTimeOn(70000);
    CHECK(Eventually([&] { return worker.ShownSessions().empty(); }));
}

TEST(ALeaseIsRenewedBeforeItEnds) {
    FakeServer server;
    server.lease_ms = 100000;
    Worker worker;
    Backend backend(worker, At(server), 0);
    CHECK(backend.Begin().head.status.Ok());
    MoveTimeOn(50000);
    CHECK(backend.InsertInTransaction("{}").head.status.Ok());
    CHECK_EQ(server.Count("OpenSession"), 2u);
    CHECK(backend.Commit().head.status.Ok());
}

TEST(TheSessionOfAGoneBackendIsClosed) {
    FakeServer server;
    Worker worker;
    Backend backend(worker, At(server), 0);
    CHECK(backend.Begin().head.status.Ok());
    backend.Exit();
    CHECK(server.Await("CloseSession", 1));
    CHECK_EQ(server.Seen("Rollback").at(0).transaction, "tx-1");
    CHECK_EQ(server.Seen("CloseSession").at(0).session, server.Seen("Begin").at(0).session);
    CHECK(Eventually([&] { return worker.ShownSessions().empty(); }));
}

TEST(TheSessionsOfADroppedServerAreClosed) {
    FakeServer server;
    Worker worker;
    Backend user(worker, At(server), 0), other(worker, At(server), 1);
    CHECK(user.Begin().head.status.Ok());
    CHECK(user.Commit().head.status.Ok());
    CHECK(other.Begin().head.status.Ok());
    user.DropServer({.database = 1, .server = 1});  // none of this endpoint's
    user.DropServer({});                            // the one that the requests were for
    CHECK(server.Await("CloseSession", 1));
    CHECK_EQ(server.Seen("CloseSession").at(0).session, server.Seen("Begin").at(0).session);
    CHECK(other.InsertInTransaction("{}").head.status.Ok());  // a transaction goes on
    CHECK(other.Commit().head.status.Ok());
    CHECK(user.Scan().head.status.Ok());
    CHECK_EQ(server.Count("CloseSession"), 1u);
}

TEST(TheSessionIsClosedWhenTheLinkIsBack) {
    FakeServer server;
    Worker worker;
    Backend backend(worker, At(server), 0);
    CHECK(backend.Scan().head.status.Ok());
    server.Stop();
    backend.Exit();
    CHECK(Eventually([&] { return !worker.LogLines().empty(); }));  // it has tried
    server.Restart();
    MoveTimeOn(1100);
    CHECK(server.Await("CloseSession", 1));
}

TEST(ABackendAloneUsesItsOwnSession) {
    FakeServer server;
    Worker worker;
    Backend backend(worker, At(server), 0);
    CHECK(backend.Insert("{}").head.status.Ok());
    CHECK(backend.Scan().head.status.Ok());
    CHECK_EQ(server.Count("OpenSession"), 1u);
    CHECK(StartsWith(server.Seen("Scan").at(0).session, "pg-5000000-"));
}

TEST(TwoBackendsShareTheCarrier) {
    FakeServer server;
    Worker worker;
    Backend a(worker, At(server), 0), b(worker, At(server), 1);
    CHECK(a.Scan().head.status.Ok());
    CHECK(b.Scan().head.status.Ok());
    CHECK(a.Scan().head.status.Ok());
    CHECK(StartsWith(server.Seen("Scan").at(1).session, "pg-4000000-"));
    CHECK(StartsWith(server.Seen("Scan").at(2).session, "pg-4000000-"));
    CHECK(b.Begin().head.status.Ok());
    CHECK(b.InsertInTransaction("{}").head.status.Ok());
    CHECK(StartsWith(server.Seen("Begin").at(0).session, "pg-5000001-"));
    CHECK(StartsWith(server.Seen("Insert").at(0).session, "pg-5000001-"));
    CHECK_EQ(server.Count("OpenSession"), 3u);
    for (int i = 2; i < 20; ++i) {
        Backend other(worker, At(server), i);
        CHECK(other.Scan().head.status.Ok());
    }
    CHECK_EQ(server.Count("OpenSession"), 3u);
}

TEST(TheCarrierIsClosedWhenNobodyUsesIt) {
    FakeServer server;
    Worker worker;
    Backend a(worker, At(server), 0), b(worker, At(server), 1);
    CHECK(a.Scan().head.status.Ok());
    CHECK(b.Scan().head.status.Ok());
    MoveTimeOn(61000);
    CHECK(server.Await("CloseSession", 1));
    CHECK(StartsWith(server.Seen("CloseSession").at(0).session, "pg-4000000-"));
    CHECK(a.Scan().head.status.Ok());
    CHECK(StartsWith(server.Seen("Scan").at(2).session, "pg-5000000-"));
}

TEST(AutocommitCallsStayOutOfTheTransaction) {
    FakeServer server;
    Worker worker;
    Backend backend(worker, At(server), 0);
    CHECK(backend.Begin().head.status.Ok());
    CHECK(backend.Insert("{}").head.status.Ok());
    CHECK(StartsWith(server.Seen("Insert").at(0).session, "pg-4000000-"));
    CHECK(backend.Commit().head.status.Ok());
    CHECK(backend.Insert("{}").head.status.Ok());
    CHECK(StartsWith(server.Seen("Insert").at(1).session, "pg-5000000-"));
}

TEST(TheNextWorkerUsesOtherSessionIds) {
    FakeServer server;
    Worker worker;
    Backend backend(worker, At(server), 0);
    CHECK(backend.Begin().head.status.Ok());
    worker.Stop();
    worker.StartNext();
    CHECK_EQ(backend.InsertInTransaction("{}").head.status.cause, Cause::kSessionLost);
    CHECK(backend.Insert("{}").head.status.Ok());
    CHECK(server.Seen("Insert").at(0).session != server.Seen("Begin").at(0).session);
}

TEST(OnlyWhoWaitsFailsWhenASessionCannotBeOpened) {
    FakeServer server;
    Worker worker;
    Backend a(worker, At(server), 0);
    server.Hold("OpenSession");
    std::vector<Backend::Pending> waiting;
    for (int i = 0; i < 3; ++i) waiting.push_back(a.SendInsert("{}", false));
    CHECK(server.Await("OpenSession", 1));
    server.Stop();
    for (const auto &pending : waiting) CHECK(!a.Wait(pending).head.status.Ok());
    server.Restart();
    CHECK(a.Insert("{}").head.status.Ok());
    CHECK_EQ(server.Count("Insert"), 1u);
}

TEST(TheCarrierOfADroppedServerIsClosed) {
    FakeServer server;
    Worker worker;
    Backend a(worker, At(server), 0), b(worker, At(server), 1);
    CHECK(a.Begin().head.status.Ok());
    CHECK(a.Insert("{}").head.status.Ok());
    CHECK(b.Scan().head.status.Ok());
    a.DropServer({});
    CHECK(server.Await("CloseSession", 1));
    CHECK(StartsWith(server.Seen("CloseSession").at(0).session, "pg-4000000-"));
    CHECK(a.Commit().head.status.Ok());  // the transaction is its backend's to end
    CHECK(b.Scan().head.status.Ok());
    CHECK_EQ(server.Count("OpenSession"), 3u);
}
