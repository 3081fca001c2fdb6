// The engine against a server: every operation, errors, cancel, restart of the worker, large answers.
#include "worker/rpc/engine.h"
#include "check.h"
#include "fake_server.h"
#include "harness.h"

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

TEST(PingSendsTheHeaderAndOpensNoSession) {
    FakeServer server;
    Worker worker;
    Backend backend(worker, At(server), 0);
    const TestAnswer answer = backend.Call(Operation::kPing, {}, {});
    CHECK(answer.head.status.Ok());
    CHECK_EQ(server.Seen("Ping").at(0).authorization, "Bearer test");
    CHECK_EQ(server.Count("OpenSession"), 0u);
}

TEST(InsertOpensTheSessionAndCountsRows) {
    FakeServer server;
    Worker worker;
    Backend backend(worker, At(server), 0);
    const TestAnswer answer = backend.Insert("{\"id\":1}");
    CHECK(answer.head.status.Ok());
    CHECK_EQ(answer.head.affected_rows, 1u);
    CHECK_EQ(answer.head.calls, 1u);
    const SeenCall open = server.Seen("OpenSession").at(0);
    CHECK_EQ(open.session, "pg-5000000-0100000000000000");
    CHECK_EQ(open.authorization, "Bearer test");
    const SeenCall insert = server.Seen("Insert").at(0);
    CHECK_EQ(insert.session, open.session);
    CHECK_EQ(insert.table, "app.items/shared/");
    CHECK_EQ(insert.items.at(0), "{\"id\":1}");
    CHECK_EQ(insert.authorization, "");
}

TEST(ScanReturnsFrames) {
    FakeServer server;
    server.batches = {"abc", "", "0123456789"};
    Worker worker;
    Backend backend(worker, At(server), 0);
    const TestAnswer answer = backend.Scan();
    CHECK(answer.head.status.Ok());
    CHECK_EQ(answer.Frames().size(), 3u);
    CHECK_EQ(answer.Frames().at(0), "abc");
    CHECK_EQ(answer.Frames().at(2), "0123456789");
}

TEST(StatementsReturnMessageAndBatches) {
    FakeServer server;
    server.batches = {"arrow"};
    Worker worker;
    Backend backend(worker, At(server), 0);
    CHECK_EQ(backend.Call(Operation::kExecuteSql, BodyOf({"CREATE X"}), {}).body, "did CREATE X");
    const TestAnswer answer = backend.Call(Operation::kExecuteQuery, BodyOf({"SELECT 1"}), {});
    CHECK_EQ(answer.Frames().size(), 2u);
    CHECK_EQ(answer.Frames().at(0), "1 row");
    CHECK_EQ(answer.Frames().at(1), "arrow");
}

TEST(LookupKeepsAWindowInFlightAndTheOrder) {
    FakeServer server;
    Worker worker;
    Backend backend(worker, At(server), 0);
    CHECK(backend.Scan().head.status.Ok());
    server.Hold("Scan");
    const Backend::Options options = {.window = 3};
    TestAnswer answer;
    std::thread waiting([&] {
        answer = backend.Keys(Operation::kLookup, {"1", "2", "3", "4", "5"}, options);
    });
    CHECK(server.Await("Scan", 4));
    server.LetGo();
    waiting.join();
    CHECK(answer.head.status.Ok());
    CHECK_EQ(answer.head.items_done, 5u);
    CHECK_EQ(answer.head.calls, 5u);
    CHECK_EQ(answer.Frames().size(), 5u);
    for (size_t i = 0; i < 5; ++i) CHECK_EQ(answer.Frames().at(i), "batch of " + std::to_string(i + 1));
}

TEST(UpdateCountsAMissingKeyAsNoRow) {
    FakeServer server;
    server.on_call = [](const SeenCall &call) -> grpc::Status {
        if (call.rpc != "Update" || call.items.at(0) != "2") return {};
        return {grpc::INTERNAL, "Failed to update row: Not found: Row with id=2 not found (checked both)"};
    };
    Worker worker;
    Backend backend(worker, At(server), 0);
    const TestAnswer lenient = backend.Keys(Operation::kUpdate, {"1", "2", "3"}, {.window = 2});
    CHECK(lenient.head.status.Ok());
    CHECK_EQ(lenient.head.affected_rows, 2u);
    CHECK_EQ(lenient.head.items_done, 3u);
    const TestAnswer strict =
        backend.Keys(Operation::kUpdate, {"1", "2", "3", "4"}, {.stop_at_missing = true});
    CHECK_EQ(strict.head.status.code, Code::kInternal);
    CHECK_EQ(strict.head.items_done, 1u);
    CHECK_EQ(server.Count("Update"), 5u);
}

TEST(ServerErrorsPassThrough) {
    FakeServer server;
    server.on_call = [](const SeenCall &call) -> grpc::Status {
        if (call.rpc == "Scan") return {grpc::NOT_FOUND, "app.items"};
        return {};
    };
    Worker worker;
    Backend backend(worker, At(server), 0);
    const TestAnswer answer = backend.Scan();
    CHECK_EQ(answer.head.status.code, Code::kNotFound);
    CHECK_EQ(answer.head.status.cause, Cause::kServer);
    CHECK_EQ(answer.head.status.outcome, Outcome::kNotDone);
    CHECK_EQ(answer.body, "app.items");
}

TEST(RefusedCredentialsAreTheServersError) {
    FakeServer server;
    server.on_call = [](const SeenCall &call) -> grpc::Status {
        if (call.rpc == "OpenSession")
            return {grpc::UNAUTHENTICATED, "authentication failed: Invalid credentials"};
        return {};
    };
    Worker worker;
    Backend backend(worker, At(server), 0);
    for (const TestAnswer &answer : {backend.Scan(), backend.Insert("{}"), backend.Begin()}) {
        CHECK_EQ(answer.head.status.code, Code::kUnauthenticated);
        CHECK_EQ(answer.body, "authentication failed: Invalid credentials");
    }
}

TEST(ADeadServerFailsAtOnceAndAgain) {
    int port;
    {
        FakeServer server;
        port = server.port();
    }
    Worker worker;
    Backend backend(worker, {.port = port}, 0);
    for (int i = 0; i < 3; ++i) {
        const TestAnswer answer = backend.Insert("{}");
        CHECK_EQ(answer.head.status.cause, Cause::kConnect);
        CHECK_EQ(answer.head.status.outcome, Outcome::kNotDone);
        CHECK(answer.head.queued_us < 1000000);
    }
    CHECK(worker.LogLines().size() <= 1);
}

TEST(AServerThatComesBackIsUsedAtOnce) {
    FakeServer server;
    Worker worker;
    Backend backend(worker, At(server), 0);
    CHECK(backend.Insert("{}").head.status.Ok());
    server.Stop();
    CHECK_EQ(backend.Insert("{}").head.status.cause, Cause::kConnect);
    server.Restart();
    CHECK(backend.Insert("{}").head.status.Ok());
    CHECK_EQ(worker.region().stats().endpoints[0].reconnects.load(), 1u);
}

TEST(OptionsThatCannotBeUsedAreRefused) {
    Worker worker;
    Backend line_break(worker, {.port = 1, .auth_header = "a\nb"}, 0);
    const TestAnswer answer = line_break.Scan();
    CHECK_EQ(answer.head.status.cause, Cause::kConfig);
    CHECK_EQ(answer.body, "invalid auth_header: not a valid metadata value");
    Backend bad_pem(worker, {.port = 1, .number = 2, .ca_cert = "rubbish", .use_tls = true}, 1);
    CHECK_EQ(bad_pem.Scan().head.status.cause, Cause::kConfig);
}

TEST(ABodyThatEndsEarlyIsRefused) {
    FakeServer server;
    Worker worker;
    Backend backend(worker, At(server), 0);
    const TestAnswer answer = backend.Call(Operation::kInsert, BodyOf({"app"}), {.items = 2});
    CHECK_EQ(answer.head.status.cause, Cause::kBadRequest);
}

TEST(ARowOverTheLimitIsRefused) {
    FakeServer server;
    Worker worker;
    Backend backend(worker, At(server), 0);
    const TestAnswer answer = backend.Insert(std::string(common::kMaxRequestBytes, 'x'));
    CHECK_EQ(answer.head.status.cause, Cause::kBadRequest);
    CHECK_EQ(answer.head.status.code, Code::kOutOfRange);
    CHECK(backend.Insert(std::string(common::kMaxRequestBytes - 1000, 'x')).head.status.Ok());
    CHECK_EQ(worker.region().request_pages().available(), worker.region().request_pages().total());
}

TEST(ATimeLimitEndsTheCallWithAnUnknownOutcome) {
    FakeServer server;
    Worker worker;
    Backend backend(worker, At(server), 0);
    CHECK(backend.Scan().head.status.Ok());
    server.Hold("ExecuteSql");
    const TestAnswer answer = backend.Call(Operation::kExecuteSql, BodyOf({"DROP"}), {.timeout_ms = 100});
    CHECK_EQ(answer.head.status.cause, Cause::kTimeout);
    CHECK_EQ(answer.head.status.outcome, Outcome::kUnknown);
    server.LetGo();
}

TEST(ACancelledCallReachesTheServerAndFreesTheSlot) {
    FakeServer server;
    Worker worker;
    Backend backend(worker, At(server), 0);
    server.Hold("ExecuteQuery");
    const auto call = backend.Send(Operation::kExecuteQuery, BodyOf({"SELECT"}), {});
    CHECK(server.Await("ExecuteQuery", 1));
    backend.Abandon(call);
    CHECK(Eventually([&] { return server.CancelledCalls() == 1; }));
    CHECK(Eventually([&] { return worker.AllSlotsFree(); }));
    server.LetGo();
    CHECK(backend.Scan().head.status.Ok());
}

// KalamDB ends the connection, and with it the calls of others, at the 20th reset of a call that it has not taken up.
TEST(ManyCancelledReadsAreNotResetAtOnceButLetGo) {
    constexpr int kReads = 20, kResets = 8;
    FakeServer server;
    Worker worker;
    CHECK(Backend(worker, At(server), 0).Scan().head.status.Ok());
    server.Hold("ExecuteQuery");
    for (int i = 1; i <= kReads; ++i) {
        Backend backend(worker, At(server), i);
        const auto call = backend.Send(Operation::kExecuteQuery, BodyOf({"SELECT"}), {});
        CHECK(server.Await("ExecuteQuery", static_cast<size_t>(i)));
        backend.Abandon(call);
    }
    CHECK(Eventually([&] { return worker.AllSlotsFree(); }));
    CHECK(Eventually([&] { return server.CancelledCalls() >= kResets; }));
    CHECK_EQ(server.CancelledCalls(), kResets);
    // An answer shows that the server has taken all of them up, so it may hear of more.
    CHECK(Backend(worker, At(server), 0).Scan().head.status.Ok());
    CHECK(Eventually([&] { return server.CancelledCalls() > kResets; }));
    server.LetGo();
    CHECK(Backend(worker, At(server), 0).Begin().head.status.Ok());
}

TEST(ARequestThatWaitsForTheSessionCanBeGivenUp) {
    FakeServer server;
    Worker worker;
    Backend backend(worker, At(server), 0);
    server.Hold("OpenSession");
    const auto call = backend.Send(Operation::kExecuteQuery, BodyOf({"SELECT"}), {});
    CHECK(server.Await("OpenSession", 1));
    backend.Abandon(call);
    CHECK(Eventually([&] { return worker.AllSlotsFree(); }));
    server.LetGo();
    CHECK(backend.Scan().head.status.Ok());
    CHECK_EQ(server.Count("ExecuteQuery"), 0u);
}

// What lets a backend see that it is alone: every way on which a request ends must count it down.
TEST(RequestsUnderWayAreCounted) {
    FakeServer server;
    Worker worker;
    const auto &running = worker.region().header().running_requests;
    Backend first(worker, At(server), 0), second(worker, At(server), 1);
    CHECK(first.Insert("{}").head.status.Ok());
    CHECK_EQ(running.load(), 0);
    server.Hold("Insert");
    const auto held = first.SendInsert("{}");
    const auto grouped = second.SendInsert("{}");
    CHECK(Eventually([&] { return running.load() == 2; }));
    second.Abandon(grouped);  // waits in a group
    CHECK(Eventually([&] { return running.load() == 1; }));
    first.Abandon(held);  // its call is in flight
    server.LetGo();
    CHECK(Eventually([&] { return running.load() == 0; }));
    CHECK(first.Begin().head.status.Ok());
    first.Send(Operation::kRollback, {}, {.session = common::SessionUse::kTransaction, .detached = true});
    CHECK(Eventually([&] { return worker.AllSlotsFree() && running.load() == 0; }));
    server.Hold("Insert");
    const auto lost = first.SendInsert("{}");
    CHECK(Eventually([&] { return running.load() == 1; }));
    worker.Stop();
    CHECK_EQ(first.Wait(lost).head.status.cause, Cause::kWorkerGone);
    CHECK_EQ(running.load(), 0);
}

// A latch that is set after its owner has gone on would wake it for nothing.
TEST(ABackendThatHasSeenItsAnswerIsNotWoken) {
    Worker worker;
    shm::Slot &slot = worker.region().slot_of(3, 0);
    const uint32_t generation = slot.Claim();
    const worker::rpc::Wake wake = {.procno = 3, .slot = &slot, .generation = generation};
    CHECK(slot.Step(generation, shm::SlotState::kClaimed, shm::SlotState::kSent));
    CHECK(slot.Step(generation, shm::SlotState::kSent, shm::SlotState::kRunning));
    CHECK(slot.Step(generation, shm::SlotState::kRunning, shm::SlotState::kDone));
    CHECK(wake.IsNeeded());
    CHECK(slot.Step(generation, shm::SlotState::kDone, shm::SlotState::kFree));
    CHECK(!wake.IsNeeded());
    const uint32_t next = slot.Claim();
    CHECK(next != generation && !wake.IsNeeded());
    CHECK(slot.Step(next, shm::SlotState::kClaimed, shm::SlotState::kFree));
    CHECK((worker::rpc::Wake{.procno = 3, .slot = nullptr, .generation = 0}).IsNeeded());
}

TEST(ADetachedRequestFreesItsSlot) {
    FakeServer server;
    Worker worker;
    Backend backend(worker, At(server), 0);
    CHECK(backend.Begin().head.status.Ok());
    backend.Send(Operation::kRollback, {}, {.session = common::SessionUse::kTransaction, .detached = true});
    CHECK(server.Await("Rollback", 1));
    CHECK(Eventually([&] { return worker.AllSlotsFree(); }));
    CHECK_EQ(server.Seen("Rollback").at(0).transaction, "tx-1");
}

TEST(LargeAnswersFlowThroughFewPages) {
    FakeServer server;
    std::string large(5 * 1000 * 1000 + 3, '\0');
    for (size_t i = 0; i < large.size(); ++i) large[i] = static_cast<char>(i * 7 + i / 1000);
    server.batches = {large, "end"};
    Worker worker(Worker::Settings(), 20);
    std::vector<std::thread> threads;
    std::atomic<int> good{0};
    for (int i = 0; i < 3; ++i) {
        threads.emplace_back([&, i] {
            Backend backend(worker, At(server), i);
            const TestAnswer answer = backend.Scan();
            good +=
                answer.head.status.Ok() && answer.Frames().at(0) == large && answer.Frames().at(1) == "end";
        });
    }
    for (std::thread &thread : threads) thread.join();
    CHECK_EQ(good.load(), 3);
    CHECK_EQ(worker.region().answer_pages().available(), 20u);
    CHECK(worker.region().stats().answer_stalls > 0);
}

TEST(AnAnswerThatNobodyReadsAnyMoreGivesItsPagesBack) {
    FakeServer server;
    server.batches = {std::string(1000 * 1000, 'x')};
    Worker worker(Worker::Settings(), 16);
    Backend backend(worker, At(server), 0);
    const auto call = backend.Send(Operation::kExecuteQuery, BodyOf({"SELECT"}), {});
    CHECK(Eventually([&] { return worker.region().answer_pages().available() == 0; }));
    backend.Abandon(call);
    CHECK(Eventually([&] { return worker.region().answer_pages().available() == 16; }));
    CHECK(Eventually([&] { return worker.AllSlotsFree(); }));  // the slot follows its pages
}

TEST(AWorkerThatStopsFailsWhatIsUnderWay) {
    FakeServer server;
    Worker worker;
    Backend writer(worker, At(server), 0), reader(worker, At(server), 1), late(worker, At(server), 2);
    server.Hold("Insert");
    server.Hold("ExecuteQuery");
    const auto write = writer.SendInsert("{}");
    const auto read = reader.Send(Operation::kExecuteQuery, BodyOf({"SELECT"}), {});
    CHECK(server.Await("Insert", 1) && server.Await("ExecuteQuery", 1));
    worker.Stop();
    const TestAnswer write_answer = writer.Wait(write);
    CHECK_EQ(write_answer.head.status.cause, Cause::kWorkerGone);
    CHECK_EQ(write_answer.head.status.outcome, Outcome::kUnknown);
    CHECK_EQ(reader.Wait(read).head.status.cause, Cause::kWorkerGone);
    CHECK_EQ(server.Count("CloseSession"), 2u);
    const auto orphan = late.SendInsert("{}");  // nobody is there
    server.LetGo();
    worker.StartNext();
    const TestAnswer orphan_answer = late.Wait(orphan);
    CHECK_EQ(orphan_answer.head.status.cause, Cause::kWorkerGone);
    CHECK_EQ(orphan_answer.head.status.outcome, Outcome::kNotDone);
    CHECK(writer.Insert("{}").head.status.Ok());
    CHECK(worker.AllSlotsFree());
}

TEST(EndpointsOfOneServerShareALink) {
    FakeServer server;
    Worker worker;
    Backend a(worker, {.port = server.port(), .auth_header = "Bearer a", .number = 1}, 0);
    Backend b(worker, {.port = server.port(), .auth_header = "Bearer b", .number = 2}, 1);
    CHECK(a.Insert("{}").head.status.Ok());
    CHECK(b.Insert("{}").head.status.Ok());
    CHECK_EQ(server.Seen("OpenSession").at(0).authorization, "Bearer a");
    CHECK_EQ(server.Seen("OpenSession").at(1).authorization, "Bearer b");
}
