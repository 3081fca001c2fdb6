// What transactions do that the recorded conversations do not show.
#include "check.h"
#include "core_fixture.h"

using namespace kalam::devserver;
using namespace kalam::devserver::test;

namespace {

Refusal Try(Fixture &server, int id) {
    return Refused([&] { server.Insert({Fixture::Row(id, "x")}); });
}

}  // namespace

TEST(an_idle_transaction_times_out_and_the_session_then_writes_in_autocommit) {
    Fixture server;
    server.Prepare();
    server.Begin();
    server.Insert({Fixture::Row(1, "staged")});
    server.clock.Advance(300'000);
    const Refusal refusal = Try(server, 2);
    CHECK(refusal.code == Code::kFailedPrecondition);
    CHECK(refusal.Says("cannot stage writes in transaction"));
    CHECK(refusal.Says("because it timed out and was aborted"));
    server.Open("pg-1");
    CHECK(Try(server, 3).code == Code::kOk);
    CHECK_EQ(server.Count(), 1);
}

TEST(activity_keeps_a_transaction_open) {
    Fixture server;
    server.Prepare();
    const std::string id = server.Begin();
    for (int i = 0; i < 3; ++i) {
        server.clock.Advance(299'000);
        server.Insert({Fixture::Row(i, "x")});
    }
    server.Commit(id);
    CHECK_EQ(server.Count(), 3);
}

TEST(a_timed_out_transaction_can_be_rolled_back_but_not_committed) {
    Fixture server;
    server.Prepare();
    const std::string first = server.Begin();
    server.clock.Advance(300'000);
    CHECK(Refused([&] { server.Commit(first); }).Says("cannot commit transaction"));
    server.Open("pg-1");
    const std::string second = server.Begin();
    server.clock.Advance(300'000);
    CHECK(Refused([&] { server.Rollback(second); }).code == Code::kOk);
}

TEST(a_full_buffer_aborts_the_transaction) {
    CoreConfig config = Fixture::WithToken();
    config.transactions.max_buffer_bytes = 1000;
    Fixture server(config);
    server.Prepare();
    server.Begin();
    server.Insert({Fixture::Row(1, "small")});
    const Refusal refusal = Refused([&] { server.Insert({Fixture::Row(2, std::string(1000, 'x'))}); });
    CHECK(refusal.code == Code::kFailedPrecondition);
    CHECK(refusal.Says("exceeded buffer limit of 1000 bytes and was aborted"));
    CHECK(Try(server, 3).code == Code::kOk);
    CHECK_EQ(server.Count(), 1);
}

TEST(the_default_buffer_limit_is_a_hundred_megabytes) {
    CHECK_EQ(TxLimits().max_buffer_bytes, size_t{104'857'600});
    CHECK_EQ(TxLimits().timeout_ms, 300'000);
}

TEST(a_commit_applies_in_order_and_keeps_what_it_applied_before_a_failure) {
    Fixture server;
    server.Prepare();
    const std::string id = server.Begin();
    server.Insert({Fixture::Row(1, "first")});
    server.Update("1", R"({"a":{"Utf8":"second"}})");
    server.Update("99", R"({"a":{"Utf8":"fails"}})");
    server.Insert({Fixture::Row(2, "never")});
    CHECK(Refused([&] { server.Commit(id); }).Says("Row with id=99 not found"));
    CHECK_EQ(server.Count(), 1);
    CHECK_EQ(server.Query("SELECT id FROM app.t WHERE a = 'second'").message(), "1 row(s)");
}

TEST(a_duplicate_key_is_found_before_anything_is_applied) {
    Fixture server;
    server.Prepare();
    server.Insert({Fixture::Row(2, "stored")});
    const std::string id = server.Begin();
    server.Insert({Fixture::Row(1, "staged")});
    server.Delete("77");
    server.Insert({Fixture::Row(2, "duplicate")});
    CHECK(Refused([&] { server.Commit(id); }).Says("value '2' already exists in column 'id' (hot storage)"));
    CHECK_EQ(server.Count(), 1);
}

TEST(a_transaction_reads_the_state_of_its_begin) {
    Fixture server;
    server.Prepare();
    server.Open("pg-2");
    server.Insert({Fixture::Row(1, "old"), Fixture::Row(2, "old")});
    server.Begin();
    server.Insert({Fixture::Row(3, "later")}, "pg-2");
    server.Update("1", R"({"a":{"Utf8":"new"}})", "pg-2");
    server.Update("1", R"({"a":{"Utf8":"newer"}})", "pg-2");
    server.Delete("2", "pg-2");
    CHECK_EQ(server.Count(), 2);
    CHECK_EQ(server.Count({{"a", "old"}}), 2);
    CHECK_EQ(server.Count({}, "pg-2"), 2);
    CHECK_EQ(server.Count({{"a", "newer"}}, "pg-2"), 1);
}

TEST(flushed_rows_are_seen_whatever_the_snapshot) {
    Fixture server;
    server.Prepare();
    server.Open("pg-2");
    server.Begin();
    server.Insert({Fixture::Row(1, "later")}, "pg-2");
    CHECK_EQ(server.Count(), 0);
    server.Sql("STORAGE FLUSH TABLE app.t", "pg-2");
    CHECK_EQ(server.Count(), 1);
}

TEST(the_overlay_ignores_filters) {
    Fixture server;
    server.Prepare();
    server.Insert({Fixture::Row(1, "one"), Fixture::Row(2, "two")});
    server.Begin();
    server.Insert({Fixture::Row(3, "three")});
    server.Update("1", R"({"a":{"Utf8":"changed"}})");
    CHECK_EQ(server.Count({{"id", "2"}}), 3);
    CHECK_EQ(server.Count(), 3);
    server.Delete("2");
    CHECK_EQ(server.Count({{"id", "2"}}), 2);
}

TEST(rows_of_a_mixed_transaction_are_stored_as_they_came) {
    Fixture server;
    server.Prepare();
    const std::string id = server.Begin();
    server.Delete("5");
    server.Insert({R"({"id":{"Int32":1},"a":{"Utf8":"x"}})", R"({"id":{"Utf8":"junk"},"a":{"Utf8":"y"}})"});
    server.Commit(id);
    const Refusal refusal = Refused([&] { server.Count(); });
    CHECK(refusal.Says("shared_table_scan failed"));
    CHECK(refusal.Says("Cannot cast string 'junk' to value of Int32 type"));
}

TEST(a_generated_key_makes_inserts_of_a_transaction_upserts) {
    Fixture server;
    server.Prepare();
    server.Sql("CREATE SHARED TABLE app.g (id BIGINT PRIMARY KEY DEFAULT SNOWFLAKE_ID(), a TEXT)");
    const std::string row = R"({"id":{"Int64":"7"},"a":{"Utf8":"v"}})";
    server.Insert({row}, "pg-1", "g");
    const std::string id = server.Begin();
    server.Insert({row}, "pg-1", "g");
    server.Commit(id);
    CHECK_EQ(server.Count({}, "pg-1", "g"), 1);
}

TEST(opening_the_session_again_keeps_its_transaction) {
    Fixture server;
    server.Prepare();
    const std::string id = server.Begin();
    server.Insert({Fixture::Row(1, "x")});
    server.Open("pg-1");
    server.Insert({Fixture::Row(2, "x")});
    CHECK_EQ(server.Count(), 2);
    server.Commit(id);
    CHECK_EQ(server.Count(), 2);
}
