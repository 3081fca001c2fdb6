// Sixteen clients at once, each with rows of its own and some that all fight over: nothing is lost, nothing is seen twice.
// Meant for the sanitizers too: it calls the Service directly, so that every access is instrumented.
#include <array>
#include <atomic>
#include <random>
#include <set>
#include <thread>

#include "check.h"
#include "core_fixture.h"

using namespace kalam::devserver;
using namespace kalam::devserver::test;

namespace {

constexpr int kClients = 16, kRounds = 150, kKeysPerClient = 10'000;

// One client: what it knows to be stored under its own keys.
class Actor {
 public:
    Actor(Fixture &server, int number)
        : server_(server),
          session_("pg-" + std::to_string(100 + number)),
          first_(number * kKeysPerClient),
          random_(number) {}

    void Run() {
        server_.Open(session_);
        for (int round = 0; round < kRounds; ++round) Act();
    }
    const std::set<int> &stored() const { return stored_; }

 private:
    void Act() {
        switch (random_() % 10) {
            case 0:
            case 1:
                return InsertBatch();
            case 2:
                return Change();
            case 3:
                return Remove();
            case 4:
                return Transact(true);
            case 5:
                return Transact(false);
            case 6:
                return Fight();
            case 7:
                return ReadAll();
            case 8:
                return Ask();
            default:
                return ReadOwn();
        }
    }

    int NewKey() { return first_ + next_++; }
    std::string SomeKey() { return std::to_string(*stored_.begin()); }

    void InsertBatch() {
        std::vector<std::string> rows;
        for (int i = 0; i < 5; ++i) {
            stored_.insert(first_ + next_);
            rows.push_back(Fixture::Row(NewKey(), session_));
        }
        server_.Insert(rows, session_);
    }
    void Change() {
        if (stored_.empty()) return;
        const std::string value = session_ + "-" + std::to_string(random_());
        if (server_.Update(SomeKey(), R"({"a":{"Utf8":")" + value + R"("}})", session_) != 1) failed_ = true;
    }
    void Remove() {
        if (stored_.empty()) return;
        if (server_.Delete(SomeKey(), session_) != 1) failed_ = true;
        stored_.erase(stored_.begin());
    }
    void Transact(bool commit) {
        const std::string id = server_.Begin(session_);
        const int key = NewKey();
        server_.Insert({Fixture::Row(key, "staged")}, session_);
        if (server_.Count({{"id", std::to_string(key)}}, session_) != 1) failed_ = true;
        if (commit) {
            server_.Commit(id, session_);
            stored_.insert(key);
        } else {
            server_.Rollback(id, session_);
        }
    }
    // A key that all clients insert and delete: one of them wins.
    void Fight() {
        const Refusal refusal = Refused([this] { server_.Insert({Fixture::Row(-1, session_)}, session_); });
        if (refusal.code == Code::kOk) {
            server_.Delete("-1", session_);
        } else if (!refusal.Says("Primary key violation")) {
            failed_ = true;
        }
    }
    void ReadAll() {
        if (server_.Count({}, session_) < static_cast<int64_t>(stored_.size())) failed_ = true;
    }
    void ReadOwn() {
        for (const int key : stored_) {
            if (server_.Count({{"id", std::to_string(key)}}, session_) != 1) failed_ = true;
        }
    }
    void Ask() {
        server_.Query("SELECT count(*) AS n FROM app.t", session_);
        server_.Query("SELECT session_id, transaction_id FROM system.sessions LIMIT 100", session_);
        server_.Query("SELECT table_name FROM system.columns LIMIT 100", session_);
        server_.Sql("CREATE SHARED TABLE IF NOT EXISTS app.x" + std::to_string(random_() % 3) +
                        " (id INT PRIMARY KEY)",
                    session_);
        Refused(
            [this] { server_.Sql("DROP TABLE IF EXISTS app.x" + std::to_string(random_() % 3), session_); });
    }

 public:
    bool failed_ = false;

 private:
    Fixture &server_;
    const std::string session_;
    const int first_;
    int next_ = 0;
    std::mt19937 random_;
    std::set<int> stored_;
};

}  // namespace

TEST(sixteen_clients_at_once) {
    Fixture server;
    server.Prepare();
    std::vector<Actor> actors;
    actors.reserve(kClients);
    for (int i = 0; i < kClients; ++i) actors.emplace_back(server, i);
    std::vector<std::thread> threads;
    for (Actor &actor : actors) threads.emplace_back([&actor] { actor.Run(); });
    for (std::thread &thread : threads) thread.join();
    size_t expected = 0;
    for (const Actor &actor : actors) {
        CHECK(!actor.failed_);
        expected += actor.stored().size();
    }
    server.Open("pg-1");
    CHECK_EQ(server.Count(), static_cast<int64_t>(expected));
}

TEST(two_transactions_of_one_owner_never_both_live) {
    Fixture server;
    server.Prepare();
    std::vector<std::thread> threads;
    std::atomic<int> commits{0};
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&server, &commits] {
            for (int round = 0; round < 100; ++round) {
                const std::string id = server.Begin();
                if (Refused([&] { server.Commit(id); }).code == Code::kOk) ++commits;
            }
        });
    }
    for (std::thread &thread : threads) thread.join();
    CHECK(commits > 0);
    CHECK_EQ(server.core.transactions.List().size(), size_t{0});
}
