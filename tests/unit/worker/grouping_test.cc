// Groups of Inserts: who leaves with whom, and what each member is told.
#include "check.h"
#include "fake_server.h"
#include "harness.h"

using namespace kalam;
using namespace kalam::test;
using common::Cause;
using common::Operation;
using common::Outcome;

namespace {

// A server on which one Insert is in flight, and backends that have sent more meanwhile.
struct Crowd {
    FakeServer server;
    Worker worker;
    Backend first;
    std::vector<Backend> backends;
    Backend::Pending first_call;
    std::vector<Backend::Pending> calls;

    explicit Crowd(const worker::rpc::Config &config = Worker::Settings())
        : worker(config), first(worker, {.port = server.port()}, 0) {
        for (int i = 1; i < 8; ++i) backends.emplace_back(worker, TestEndpoint{.port = server.port()}, i);
        // Two backends are seen, so that the sessions are open and the carrier is in use.
        first.Scan();
        backends[0].Scan();
    }

    // The first Insert is at the server before the others are sent, in the order given.
    bool Send(const std::vector<std::string> &rows) {
        server.Hold("Insert");
        first_call = first.SendInsert("first");
        if (!server.Await("Insert", 1)) return false;
        for (size_t i = 0; i < rows.size(); ++i) calls.push_back(backends.at(i).SendInsert(rows[i]));
        // Control signals come first, but requests are taken in order: when this is answered, all were taken.
        return backends.at(rows.size()).Call(Operation::kExecuteSql, BodyOf({"X"}), {}).head.status.Ok();
    }
    TestAnswer Wait(size_t i) { return backends.at(i).Wait(calls.at(i)); }
    std::vector<size_t> Sizes() {
        std::vector<size_t> sizes;
        for (const SeenCall &call : server.Seen("Insert")) sizes.push_back(call.items.size());
        return sizes;
    }
};

std::string Text(const std::vector<size_t> &sizes) {
    std::string text;
    for (size_t size : sizes) text += std::to_string(size) + " ";
    return text;
}

grpc::Status RefuseDuplicates(const SeenCall &call) {
    for (const std::string &item : call.items) {
        if (item == "dup") return {grpc::INTERNAL, "Already exists: Primary key violation: value 'dup'"};
    }
    return {};
}

}  // namespace

TEST(RowsThatArriveMeanwhileLeaveTogether) {
    Crowd crowd;
    CHECK(crowd.Send({"a", "b", "c"}));
    crowd.server.LetGo();
    CHECK(crowd.first.Wait(crowd.first_call).head.status.Ok());
    for (size_t i = 0; i < 3; ++i) {
        const TestAnswer answer = crowd.Wait(i);
        CHECK(answer.head.status.Ok());
        CHECK_EQ(answer.head.affected_rows, 1u);
        CHECK_EQ(answer.head.calls, 1u);
    }
    CHECK_EQ(Text(crowd.Sizes()), "1 3 ");
    CHECK_EQ(crowd.server.Seen("Insert").at(1).items.at(2), "c");
    const auto &groups = crowd.worker.region().stats().endpoints[0].groups;
    CHECK_EQ(groups[0].load(), 1u);
    CHECK_EQ(groups[2].load(), 1u);
}

TEST(ADuplicateInAGroupFailsAlone) {
    Crowd crowd;
    crowd.server.on_call = RefuseDuplicates;
    CHECK(crowd.Send({"a", "dup", "c"}));
    crowd.server.LetGo();
    CHECK(crowd.first.Wait(crowd.first_call).head.status.Ok());
    CHECK(crowd.Wait(0).head.status.Ok());
    const TestAnswer refused = crowd.Wait(1);
    CHECK_EQ(refused.head.status.cause, Cause::kServer);
    CHECK_EQ(refused.body, "Already exists: Primary key violation: value 'dup'");
    CHECK(crowd.Wait(2).head.status.Ok());
    CHECK_EQ(Text(crowd.Sizes()), "1 3 1 1 1 ");
    CHECK_EQ(crowd.worker.region().stats().endpoints[0].retries.load(), 3u);
    CHECK(crowd.first.Insert("later").head.status.Ok());
}

TEST(AGroupWhoseAnswerIsLostIsNotSentAgain) {
    Crowd crowd;
    CHECK(crowd.Send({"a", "b"}));
    // The group goes out when the first is answered; its answer never comes.
    crowd.server.on_call = [&](const SeenCall &call) -> grpc::Status {
        if (call.items.at(0) == "first") return {};
        return {grpc::UNAVAILABLE, "the proxy lost its server"};
    };
    crowd.server.LetGo();
    CHECK(crowd.first.Wait(crowd.first_call).head.status.Ok());
    for (size_t i = 0; i < 2; ++i) CHECK_EQ(crowd.Wait(i).head.status.outcome, Outcome::kUnknown);
    CHECK_EQ(Text(crowd.Sizes()), "1 2 ");
}

TEST(ALostLinkIsAnUnknownOutcomeForTheMembersInFlightOnly) {
    Crowd crowd;
    CHECK(crowd.Send({"a", "b"}));
    crowd.server.Stop();
    const TestAnswer first = crowd.first.Wait(crowd.first_call);
    CHECK_EQ(first.head.status.outcome, Outcome::kUnknown);
    for (size_t i = 0; i < 2; ++i) {
        const TestAnswer answer = crowd.Wait(i);
        CHECK_EQ(answer.head.status.cause, Cause::kConnect);
        CHECK_EQ(answer.head.status.outcome, Outcome::kNotDone);
    }
    CHECK_EQ(Text(crowd.Sizes()), "1 ");
}

TEST(AMemberThatWasGivenUpIsNotSent) {
    Crowd crowd;
    CHECK(crowd.Send({"a", "b", "c"}));
    crowd.backends[1].Abandon(crowd.calls[1]);
    CHECK(Eventually([&] { return crowd.calls[1].slot->State() == shm::SlotState::kFree; }));
    crowd.server.LetGo();
    CHECK(crowd.Wait(0).head.status.Ok());
    CHECK(crowd.Wait(2).head.status.Ok());
    CHECK(crowd.first.Wait(crowd.first_call).head.status.Ok());
    CHECK_EQ(Text(crowd.Sizes()), "1 2 ");
}

TEST(AGroupIsCancelledWhenAllOfItWasGivenUp) {
    Crowd crowd;
    CHECK(crowd.Send({}));
    crowd.first.Abandon(crowd.first_call);
    CHECK(Eventually([&] { return crowd.server.CancelledCalls() == 1; }));
    CHECK(Eventually([&] { return crowd.worker.AllSlotsFree(); }));
    crowd.server.LetGo();
    CHECK(crowd.first.Insert("again").head.status.Ok());
}

TEST(TwoUsersAreNeverInOneRequest) {
    Crowd crowd;
    CHECK(crowd.Send({"a"}));
    const auto other = crowd.backends[2].Send(Operation::kInsert, BodyOf({"app", "items", "alice", "x"}),
                                              {.groupable = true, .items = 1});
    CHECK(crowd.server.Await("Insert", 2));  // it does not wait for the other user's
    crowd.server.LetGo();
    CHECK(crowd.backends[2].Wait(other).head.status.Ok());
    CHECK(crowd.Wait(0).head.status.Ok());
    CHECK(crowd.first.Wait(crowd.first_call).head.status.Ok());
    CHECK_EQ(Text(crowd.Sizes()), "1 1 1 ");
    CHECK_EQ(crowd.server.Seen("Insert").at(1).table, "app.items/shared/alice");
}

TEST(LimitsCutAGroup) {
    worker::rpc::Config config = Worker::Settings();
    config.group_max_rows = 2;
    Crowd crowd(config);
    CHECK(crowd.Send({"a", "b", "c", "d", "e"}));
    crowd.server.LetGo();
    for (size_t i = 0; i < 5; ++i) CHECK(crowd.Wait(i).head.status.Ok());
    CHECK(crowd.first.Wait(crowd.first_call).head.status.Ok());
    CHECK_EQ(Text(crowd.Sizes()), "1 2 2 1 ");
}

TEST(GroupingCanBeSwitchedOff) {
    worker::rpc::Config config = Worker::Settings();
    config.group_inserts = false;
    Crowd crowd(config);
    CHECK(crowd.Send({"a", "b"}));
    CHECK(crowd.server.Await("Insert", 3));
    crowd.server.LetGo();
    for (size_t i = 0; i < 2; ++i) CHECK(crowd.Wait(i).head.status.Ok());
    CHECK(crowd.first.Wait(crowd.first_call).head.status.Ok());
    CHECK_EQ(Text(crowd.Sizes()), "1 1 1 ");
}

TEST(AGroupWaitsForItsSessionAndGoesOutOnce) {
    Crowd crowd;
    CHECK(crowd.Send({"a", "b"}));
    crowd.server.ForgetSessions();
    crowd.server.LetGo();  // the first is refused now, and the group after it
    CHECK(crowd.first.Wait(crowd.first_call).head.status.Ok());
    for (size_t i = 0; i < 2; ++i) CHECK(crowd.Wait(i).head.status.Ok());
    CHECK_EQ(Text(crowd.Sizes()), "1 1 2 ");
}
