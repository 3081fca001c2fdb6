// Remote transactions: order, loss, death, and that nothing ever joins one by mistake.
#include "check.h"
#include "fake_server.h"
#include "harness.h"
#include "worker/rpc/clock.h"

using namespace kalam;
using namespace kalam::test;
using common::Cause;
using common::Code;
using common::Operation;
using common::Outcome;

namespace {

TestEndpoint At(const FakeServer &server) {
    return {.port = server.port()};
}

}  // namespace

TEST(ATransactionBeginsStagesAndCommits) {
    FakeServer server;
    Worker worker;
    Backend backend(worker, At(server), 0);
    CHECK(backend.Begin().head.status.Ok());
    CHECK_EQ(worker.ShownSessions().at(0), "in transaction");
    CHECK(backend.InsertInTransaction("{}").head.status.Ok());
    CHECK(backend.Commit().head.status.Ok());
    CHECK_EQ(server.Seen("Commit").at(0).transaction, "tx-1");
    CHECK_EQ(worker.ShownSessions().at(0), "open");
    CHECK_EQ(server.CountOverlaps(), 0u);
}

TEST(StatementsOfATransactionThatIsNotThereAreRefused) {
    FakeServer server;
    Worker worker;
    Backend backend(worker, At(server), 0);
    CHECK_EQ(backend.InsertInTransaction("{}").head.status.cause, Cause::kSessionLost);
    CHECK_EQ(backend.Commit().head.status.cause, Cause::kSessionLost);
    CHECK(backend.Rollback().head.status.Ok());  // nothing to roll back
    CHECK_EQ(server.Count("Insert") + server.Count("Commit") + server.Count("Rollback"), 0u);
}

TEST(BarriersWaitForWhatIsInFlight) {
    FakeServer server;
    Worker worker;
    Backend backend(worker, At(server), 0);
    CHECK(backend.Begin().head.status.Ok());
    server.Hold("Insert");
    const std::string body = BodyOf({"app", "items", "", "{}"});
    const Backend::Options in_transaction = {.session = common::SessionUse::kTransaction, .items = 1};
    const auto first = backend.Send(Operation::kInsert, body, in_transaction);
    const auto second = backend.Send(Operation::kInsert, body, in_transaction);
    CHECK(server.Await("Insert", 2));
    const auto commit = backend.Send(Operation::kCommit, {}, {.session = common::SessionUse::kTransaction});
    // The lanes have no order among each other.
    CHECK(Eventually([&] { return commit.slot->Is(commit.generation, shm::SlotState::kRunning); }));
    const auto late = backend.Send(Operation::kInsert, body, in_transaction);
    server.LetGo();
    CHECK(backend.Wait(first).head.status.Ok());
    CHECK(backend.Wait(second).head.status.Ok());
    CHECK(backend.Wait(commit).head.status.Ok());
    CHECK_EQ(backend.Wait(late).head.status.cause, Cause::kSessionLost);
    CHECK_EQ(server.CountOverlaps(), 0u);
    CHECK_EQ(server.Count("Insert"), 2u);
}

TEST(AForgottenSessionInATransactionIsAnError) {
    FakeServer server;
    Worker worker;
    Backend backend(worker, At(server), 0);
    CHECK(backend.Begin().head.status.Ok());
    server.ForgetSessions();
    const TestAnswer lost = backend.InsertInTransaction("{}");
    CHECK_EQ(lost.head.status.cause, Cause::kSessionLost);
    CHECK_EQ(lost.body, "invalid or expired session");
    CHECK_EQ(backend.InsertInTransaction("{}").head.status.cause, Cause::kSessionLost);
    CHECK(backend.Rollback().head.status.Ok());
    // In the background: opened again under the old id, rolled back, closed.
    CHECK(server.Await("CloseSession", 1));
    CHECK_EQ(server.Seen("Rollback").back().transaction, "tx-1");
    CHECK(backend.Insert("{}").head.status.Ok());
    CHECK(server.Seen("Insert").back().session != server.Seen("Begin").at(0).session);
}

TEST(AfterATerminalErrorNothingIsAutocommitted) {
    FakeServer server;
    server.on_call = [](const SeenCall &call) -> grpc::Status {
        if (call.rpc != "Insert") return {};
        return {grpc::FAILED_PRECONDITION,
                "Invalid operation: transaction 'x' exceeded buffer limit of 9 bytes and was aborted"};
    };
    Worker worker;
    Backend backend(worker, At(server), 0);
    CHECK(backend.Begin().head.status.Ok());
    CHECK_EQ(backend.InsertInTransaction("{}").head.status.cause, Cause::kServer);
    const TestAnswer next = backend.InsertInTransaction("{}");
    CHECK_EQ(next.head.status.cause, Cause::kSessionLost);
    CHECK(next.body.find("exceeded buffer limit") != std::string::npos);
    CHECK_EQ(backend.Commit().head.status.cause, Cause::kSessionLost);
    CHECK(backend.Rollback().head.status.Ok());
    CHECK_EQ(server.Count("Insert"), 1u);
    CHECK_EQ(server.Count("Commit"), 0u);
    CHECK(backend.Begin().head.status.Ok());
}

TEST(AnUnknownRollbackIsASuccess) {
    FakeServer server;
    server.on_call = [](const SeenCall &call) -> grpc::Status {
        if (call.rpc != "Rollback") return {};
        return {grpc::FAILED_PRECONDITION, "Not found: transaction 'tx-1' not found"};
    };
    Worker worker;
    Backend backend(worker, At(server), 0);
    CHECK(backend.Begin().head.status.Ok());
    CHECK(backend.Rollback().head.status.Ok());
}

TEST(ALostCommitHasAnUnknownOutcomeAndASessionOfItsOwn) {
    FakeServer server;
    Worker worker;
    Backend backend(worker, At(server), 0);
    CHECK(backend.Begin().head.status.Ok());
    server.Hold("Commit");
    const auto commit = backend.Send(Operation::kCommit, {},
                                     {.session = common::SessionUse::kTransaction, .timeout_ms = 200});
    const TestAnswer answer = backend.Wait(commit);
    CHECK_EQ(answer.head.status.cause, Cause::kTimeout);
    CHECK_EQ(answer.head.status.outcome, Outcome::kUnknown);
    server.LetGo();
    CHECK(backend.Insert("{}").head.status.Ok());
    CHECK(server.Seen("Insert").at(0).session != server.Seen("Commit").at(0).session);
    CHECK(server.Await("Rollback", 1));  // of what may still be open
}

TEST(ALostBeginIsNeverJoined) {
    FakeServer server;
    Worker worker;
    Backend backend(worker, At(server), 0);
    server.Hold("Begin");
    const auto begin =
        backend.Send(Operation::kBegin, {}, {.session = common::SessionUse::kTransaction, .timeout_ms = 200});
    CHECK_EQ(backend.Wait(begin).head.status.cause, Cause::kTimeout);
    server.LetGo();
    CHECK(backend.Insert("{}").head.status.Ok());
    CHECK(server.Seen("Insert").at(0).session != server.Seen("Begin").at(0).session);
    CHECK(server.Await("CloseSession", 1));
}

TEST(ABeginThatWasGivenUpIsRolledBack) {
    FakeServer server;
    Worker worker;
    Backend backend(worker, At(server), 0);
    server.Hold("Begin");
    const auto begin = backend.Send(Operation::kBegin, {}, {.session = common::SessionUse::kTransaction});
    CHECK(server.Await("Begin", 1));
    backend.Abandon(begin);
    server.LetGo();
    CHECK(server.Await("Rollback", 1));
    CHECK_EQ(server.Seen("Rollback").at(0).transaction, "tx-1");
    CHECK(backend.Insert("{}").head.status.Ok());
    CHECK(server.Seen("Insert").at(0).session != server.Seen("Begin").at(0).session);
}

TEST(AWriteThatWasGivenUpIsNotOvertakenByTheRollback) {
    FakeServer server;
    Worker worker;
    Backend backend(worker, At(server), 0);
    CHECK(backend.Begin().head.status.Ok());
    server.Hold("Insert");
    const auto insert = backend.Send(Operation::kInsert, BodyOf({"app", "items", "", "{}"}),
                                     {.session = common::SessionUse::kTransaction, .items = 1});
    CHECK(server.Await("Insert", 1));
    backend.Abandon(insert);
    backend.Send(Operation::kRollback, {}, {.session = common::SessionUse::kTransaction, .detached = true});
    CHECK_EQ(server.Count("Rollback"), 0u);
    server.LetGo();
    CHECK(server.Await("Rollback", 1));
    CHECK_EQ(server.CountOverlaps(), 0u);
    CHECK(Eventually([&] { return worker.AllSlotsFree(); }));
}

TEST(DdlThatWasGivenUpIsNotOvertakenByItsUndo) {
    FakeServer server;
    Worker worker;
    Backend backend(worker, At(server), 0);
    server.Hold("ExecuteSql");
    const auto create =
        backend.Send(Operation::kExecuteSql, BodyOf({"CREATE TABLE a.b (id INT PRIMARY KEY)"}),
                     {.session = common::SessionUse::kOrdered});
    CHECK(server.Await("ExecuteSql", 1));
    backend.Abandon(create);
    backend.Send(Operation::kExecuteSql, BodyOf({"DROP TABLE a.b"}),
                 {.session = common::SessionUse::kOrdered, .detached = true});
    CHECK_EQ(server.Count("ExecuteSql"), 1u);
    CHECK_EQ(server.CancelledCalls(), 0);
    server.LetGo();
    CHECK(server.Await("ExecuteSql", 2));
    CHECK_EQ(server.CountOverlaps(), 0u);
    CHECK(Eventually([&] { return worker.AllSlotsFree(); }));
}

TEST(AWriteThatWasGivenUpAndHangsIsCancelledInTheEnd) {
    FakeServer server;
    Worker worker;
    Backend backend(worker, At(server), 0);
    CHECK(backend.Begin().head.status.Ok());
    server.Hold("Insert");
    const auto insert = backend.Send(Operation::kInsert, BodyOf({"app", "items", "", "{}"}),
                                     {.session = common::SessionUse::kTransaction, .items = 1});
    CHECK(server.Await("Insert", 1));
    backend.Abandon(insert);
    CHECK(Eventually([&] { return worker.AllSlotsFree(); }));
    CHECK(Eventually([&] { return server.CancelledCalls() == 1; }));
    CHECK(backend.Rollback().head.status.Ok());
}
