// Reading and writing: limits, caps, defaults, streams, what the catalog does to stored rows.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "core_fixture.h"

using namespace kalam::devserver;
using namespace kalam::devserver::test;

namespace {

std::vector<std::string> Rows(int first, int count) {
    std::vector<std::string> rows;
    for (int i = 0; i < count; ++i) rows.push_back(Fixture::Row(first + i, i % 2 == 0 ? "even" : "odd"));
    return rows;
}

// Does the action end the process as a panic would? It runs in a process of its own.
template <typename Action>
bool Dies(Action action) {
    const pid_t child = fork();
    if (child == 0) {
        if (freopen("/dev/null", "w", stderr) != nullptr) action();
        _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

}  // namespace

TEST(names_that_make_kalamdb_panic_end_this_server_too) {
    Fixture server;
    server.Prepare();
    for (const char *name : {"a/b", "..", "a\\b"}) {
        CHECK(Dies([&] { server.Insert({}, "pg-1", name); }));
        CHECK(Dies([&] { server.Insert({}, "pg-1", "t", "user", name); }));
    }
    CHECK(Dies([&] { server.Sql("DROP TABLE app/t"); }));
    CHECK(!Dies([&] { server.Insert({}, "pg-1", "t", "user", "a.b"); }));
}

TEST(a_limit_counts_only_together_with_filters) {
    Fixture server;
    server.Prepare();
    server.Insert(Rows(0, 20));
    pg::ScanRpcRequest plain = server.ScanRequest();
    plain.set_limit(3);
    CHECK_EQ(server.Count(plain), 20);
    pg::ScanRpcRequest filtered = server.ScanRequest({{"a", "even"}});
    filtered.set_limit(3);
    CHECK_EQ(server.Count(filtered), 3);
    pg::ScanRpcRequest unknown = plain;
    unknown.add_filters()->set_op("gt");
    CHECK_EQ(server.Count(unknown), 20);
}

TEST(sql_gives_fifty_rows_without_a_limit_and_a_thousand_at_most) {
    Fixture server;
    server.Prepare();
    server.Insert(Rows(0, 1500));
    CHECK_EQ(server.Query("SELECT id FROM app.t").message(), "50 row(s)");
    CHECK_EQ(server.Query("SELECT id FROM app.t LIMIT 1200").message(), "1000 row(s)");
    CHECK_EQ(server.Count(), 1500);
}

TEST(scans_stop_at_the_cap_on_hot_rows_until_they_are_flushed) {
    CoreConfig config = Fixture::WithToken();
    config.hot_row_cap = 100;
    Fixture server(config);
    server.Prepare();
    server.Insert(Rows(0, 130));
    CHECK_EQ(server.Count(), 100);
    CHECK_EQ(server.Count({{"a", "even"}}), 50);  // the cap comes before the filter
    CHECK_EQ(server.Count({{"id", "129"}}), 1);
    CHECK_EQ(server.Query("SELECT id FROM app.t WHERE id > 99 LIMIT 100").message(), "0 row(s)");
    server.Sql("STORAGE FLUSH TABLE app.t");
    CHECK_EQ(server.Count(), 130);
    CHECK_EQ(server.Query("SELECT id FROM app.t WHERE id > 99 LIMIT 100").message(), "30 row(s)");
}

TEST(versions_of_one_row_do_not_count_against_the_cap) {
    CoreConfig config = Fixture::WithToken();
    config.hot_row_cap = 5;
    Fixture server(config);
    server.Prepare();
    server.Insert(Rows(0, 5));
    for (int i = 0; i < 20; ++i) server.Update("0", R"({"a":{"Utf8":"v)" + std::to_string(i) + R"("}})");
    CHECK_EQ(server.Count(), 5);
}

TEST(defaults_are_for_sql_inserts_only) {
    Fixture server;
    server.Prepare();
    server.Sql(
        "CREATE SHARED TABLE app.d (id INT PRIMARY KEY, a TEXT DEFAULT 'dflt', b TEXT NOT NULL DEFAULT "
        "'nn')");
    server.Insert({R"({"id":{"Int32":1}})"}, "pg-1", "d");
    server.Sql("INSERT INTO app.d (id) VALUES (2)");
    CHECK_EQ(server.Query("SELECT id FROM app.d WHERE id = 1 AND a IS NULL AND b = ''").message(),
             "1 row(s)");
    CHECK_EQ(server.Query("SELECT id FROM app.d WHERE id = 2 AND a = 'dflt' AND b = 'nn'").message(),
             "1 row(s)");
}

TEST(a_stream_forgets_rows_older_than_its_ttl) {
    Fixture server;
    server.Prepare();
    server.Sql("CREATE STREAM TABLE app.e (id TEXT, kind TEXT) WITH (TTL_SECONDS = 60)");
    const auto insert = [&server](const char *id) {
        server.Insert({R"({"id":{"Utf8":")" + std::string(id) + R"("}})"}, "pg-1", "e", "stream", "ann");
    };
    const auto count = [&server] {
        pg::ScanRpcRequest request;
        Fixture::Name(request, "pg-1", "e", "stream", "ann");
        return server.Count(request);
    };
    insert("1");
    server.clock.Advance(4000);
    insert("1");
    CHECK_EQ(count(), 2);
    server.clock.Advance(57'000);
    server.Open("pg-1");
    CHECK_EQ(count(), 1);
}

TEST(each_user_has_rows_of_their_own) {
    Fixture server;
    server.Prepare();
    server.Sql("CREATE USER TABLE app.u (id INT PRIMARY KEY, a TEXT)");
    server.Insert(Rows(1, 3), "pg-1", "u", "user", "ann");
    server.Insert(Rows(1, 1), "pg-1", "u", "user", "bob");
    CHECK_EQ(server.Delete("1", "pg-1", "u", "user", "bob"), uint64_t{1});
    pg::ScanRpcRequest request;
    Fixture::Name(request, "pg-1", "u", "user", "bob");
    CHECK_EQ(server.Count(request), 0);
    Fixture::Name(request, "pg-1", "u", "shared");
    CHECK_EQ(server.Count(request), 3);
}

TEST(a_dropped_column_that_comes_back_finds_its_values) {
    Fixture server;
    server.Prepare();
    server.Insert(Rows(0, 2));
    server.Sql("ALTER TABLE app.t DROP COLUMN a");
    CHECK(Refused([&] { server.Query("SELECT a FROM app.t"); }).Says("No field named a"));
    server.Sql("ALTER TABLE app.t ADD COLUMN a TEXT");
    CHECK_EQ(server.Count({{"a", "odd"}}), 1);
}

TEST(an_unknown_cell_waits_for_its_column) {
    Fixture server;
    server.Prepare();
    server.Insert({R"({"id":{"Int32":1},"later":{"Utf8":"kept"}})"});
    server.Sql("ALTER TABLE app.t ADD COLUMN later TEXT");
    CHECK_EQ(server.Count({{"later", "kept"}}), 1);
}

TEST(sql_inside_a_transaction_runs_outside_of_it) {
    Fixture server;
    server.Prepare();
    const std::string id = server.Begin();
    server.Sql("INSERT INTO app.t (id, a) VALUES (1, 'sql')");
    server.Rollback(id);
    CHECK_EQ(server.Count(), 1);
}

TEST(another_leader_is_named_by_reads_and_staged_writes_only) {
    Fixture server;
    server.Prepare();
    server.core.leadership.Set({"http://127.0.0.1:8181", "127.0.0.1:9189", true, false});
    CHECK_EQ(Refused([&] { server.Count(); }).message,
             "External error: Not leader for shard. Leader: http://127.0.0.1:8181");
    CHECK(Refused([&] {
              server.Query("SELECT * FROM app.t");
          }).Says("Leader: Some(\"http://127.0.0.1:8181\")"));
    CHECK_EQ(server.Insert({Fixture::Row(1, "forwarded")}), uint64_t{1});
    CHECK_EQ(
        server.Query("SELECT rpc_addr FROM system.cluster WHERE api_addr = 'http://127.0.0.1:8181' LIMIT 9")
            .message(),
        "1 row(s)");
    server.Begin();
    CHECK(Refused([&] { server.Insert({Fixture::Row(2, "staged")}); }).code == Code::kFailedPrecondition);
}

TEST(a_row_without_a_value_in_a_not_null_column_cannot_be_read_or_changed) {
    Fixture server;
    server.Prepare();
    server.Insert(Rows(0, 2));
    server.Sql("ALTER TABLE app.t ADD COLUMN n INT NOT NULL");
    CHECK_EQ(server.Count(), 2);  // where there is an empty value it is shown
    CHECK(Refused([&] {
              server.Update("1", R"({"a":{"Utf8":"new"}})");
          }).Says("column 'n' is missing in row 1"));
    server.Sql("UPDATE app.t SET a = 'new' WHERE _seq > 0");  // SQL does not look
    server.Sql("ALTER TABLE app.t ADD COLUMN d DECIMAL(5, 2) NOT NULL");
    const char *contains_nulls = "Column 'd' is declared as non-nullable but contains null values";
    CHECK(Refused([&] { server.Count(); }).Says(contains_nulls));
    CHECK(Refused([&] { server.Query("SELECT d FROM app.t"); }).Says(contains_nulls));
    server.Query("SELECT a FROM app.t");
    server.Update("0", R"({"n":{"Int32":1},"d":{"Utf8":"1.5"}})");
    server.Update("1", R"({"n":{"Int32":1},"d":{"Utf8":"1.5"}})");
    CHECK_EQ(server.Count(), 2);
    // SQL evaluates assignments over rows of all columns, and makes up the unread ones.
    CHECK(Refused([&] { server.Sql("UPDATE app.t SET a = 'x' WHERE _seq > 0"); }).Says(contains_nulls));
    server.Sql("UPDATE app.t SET a = 'x' WHERE d > 0");
}

TEST(files_keep_what_rows_had_when_they_were_flushed) {
    Fixture server;
    server.Prepare();
    server.Insert(Rows(0, 2));
    const std::string flushed =
        "SELECT scope FROM system.manifest WHERE manifest_json NOT LIKE '%\"segments\":[]%' LIMIT 9";
    CHECK_EQ(server.Query(flushed).message(), "0 row(s)");
    server.Sql("STORAGE FLUSH TABLE app.t");
    CHECK_EQ(server.Query(flushed).message(), "1 row(s)");
    server.Sql("ALTER TABLE app.t ADD COLUMN n INT");
    server.Sql("UPDATE app.t SET n = 1 WHERE _seq > 0");
    server.Sql("ALTER TABLE app.t ALTER COLUMN n SET NOT NULL");
    const char *contains_nulls =
        "Failed to create projected RecordBatch: Invalid argument error: Column 'n' is declared";
    CHECK(Refused([&] { server.Count(); }).Says(contains_nulls));
    CHECK(Refused([&] { server.Query("SELECT n FROM app.t"); }).Says(contains_nulls));
    CHECK_EQ(server.Count({{"id", "1"}}), 1);
}

TEST(sql_does_not_take_a_text_for_a_uuid) {
    Fixture server;
    server.Prepare();
    server.Sql("ALTER TABLE app.t ADD COLUMN u UUID");
    CHECK(Refused([&] {
              server.Sql("UPDATE app.t SET u = '01234567-89ab-cdef-0123-456789abcdef' WHERE _seq > 0");
          }).Says("Cannot automatically convert Utf8 to FixedSizeBinary(16)"));
}

TEST(sql_shows_the_rows_of_all_users_but_not_of_their_streams) {
    Fixture server;
    server.Prepare();
    server.Sql("CREATE USER TABLE app.u (id INT PRIMARY KEY, a TEXT)");
    server.Sql("CREATE STREAM TABLE app.s (id INT, a TEXT) WITH (ttl_seconds = '60')");
    server.Insert(Rows(1, 1), "pg-1", "u", "user", "ann");
    server.Insert(Rows(1, 1), "pg-1", "s", "stream", "ann");
    CHECK_EQ(server.Query("SELECT id FROM app.u").message(), "1 row(s)");
    CHECK_EQ(server.Query("SELECT id FROM app.s").message(), "0 row(s)");
}
