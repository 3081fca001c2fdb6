// Leases, idle sweeps and owner keys, on a clock that the test moves.
#include <algorithm>

#include "check.h"
#include "core_fixture.h"
#include "devserver/session/owner_key.h"

using namespace kalam::devserver;
using namespace kalam::devserver::test;

namespace {

constexpr int64_t kMinute = 60'000;

// Keeps a session from being idle, in steps that no sweep notices.
void StayActive(Fixture &server, const std::string &session, int64_t millis) {
    for (int64_t passed = 0; passed < millis; passed += 4000) {
        server.clock.Advance(std::min<int64_t>(4000, millis - passed));
        server.Insert({}, session);
    }
}

}  // namespace

TEST(a_lease_ends_after_thirty_minutes_whatever_the_session_does) {
    Fixture server;
    server.Open("pg-1");
    StayActive(server, "pg-1", 30 * kMinute - 1000);
    server.clock.Advance(1000);
    const Refusal refusal = Refused([&] { server.Insert({}, "pg-1"); });
    CHECK(refusal.code == Code::kUnauthenticated);
    CHECK_EQ(refusal.message, "session lease expired – re-authenticate via open_session");
}

TEST(opening_again_renews_the_lease) {
    Fixture server;
    server.Open("pg-1");
    StayActive(server, "pg-1", 20 * kMinute);
    server.Open("pg-1");
    StayActive(server, "pg-1", 20 * kMinute);
    CHECK(Refused([&] { server.Insert({}, "pg-1"); }).code == Code::kOk);
}

TEST(a_lone_session_gets_one_more_call_after_five_idle_seconds) {
    Fixture server;
    server.Open("pg-1");
    server.clock.Advance(5000);
    server.Insert({}, "pg-1");
    CHECK_EQ(Refused([&] { server.Insert({}, "pg-1"); }).message, "session not authenticated");
}

TEST(another_session_s_call_sweeps_an_idle_session) {
    Fixture server;
    server.Open("pg-1");
    server.Open("pg-2");
    server.clock.Advance(4000);
    server.Insert({}, "pg-2");
    server.clock.Advance(1000);
    server.Insert({}, "pg-2");
    CHECK_EQ(Refused([&] { server.Insert({}, "pg-1"); }).message, "invalid or expired session");
}

TEST(just_under_five_idle_seconds_are_fine) {
    Fixture server;
    server.Open("pg-1");
    server.clock.Advance(4999);
    server.Insert({}, "pg-1");
    CHECK(Refused([&] { server.Insert({}, "pg-1"); }).code == Code::kOk);
}

TEST(a_session_with_a_transaction_is_not_swept) {
    Fixture server;
    server.Open("pg-1");
    server.Open("pg-2");
    server.Begin("pg-1");
    server.clock.Advance(20'000);
    server.Open("pg-3");
    CHECK(Refused([&] { server.Insert({}, "pg-1"); }).code == Code::kOk);
    CHECK_EQ(Refused([&] { server.Insert({}, "pg-2"); }).message, "invalid or expired session");
}

TEST(reading_system_sessions_sweeps_too) {
    Fixture server;
    server.Open("pg-1");
    server.Open("pg-2");
    server.clock.Advance(4500);
    server.Insert({}, "pg-2");
    server.clock.Advance(600);
    CHECK_EQ(server.Query("SELECT session_id FROM system.sessions LIMIT 10", "pg-2").message(), "1 row(s)");
}

TEST(session_ids_share_a_transaction_when_their_owner_key_is_one) {
    CHECK_EQ(ParseOwnerKey("pg-321-DEADBEEF"), ParseOwnerKey("pg-321-deadbeef"));
    CHECK_EQ(ParseOwnerKey("pg-321"), ParseOwnerKey("pg-321-0"));
    CHECK_EQ(ParseOwnerKey("019dabfa-1538-7c23-8e61-de751d8c1c38"),
             ParseOwnerKey("019DABFA15387C238E61DE751D8C1C38"));
    for (const char *bad : {"pg-", "pg-x-1", "pg-1-zz", "free", "", "pg-4294967296-1"}) {
        CHECK(Refused([&] { ParseOwnerKey(bad); }).code == Code::kInvalidArgument);
    }
}

TEST(five_wrong_passwords_lock_an_account_for_fifteen_minutes) {
    CoreConfig config;
    config.auth.root_password = "secret";
    Fixture server(config);
    const auto login = [&server](const char *header) {
        return Refused([&] { server.core.authenticator.Check({header, {}}, ""); });
    };
    constexpr char kRight[] = "Basic cm9vdDpzZWNyZXQ=", kWrong[] = "Basic cm9vdDp3cm9uZw==";
    CHECK(login(kRight).code == Code::kOk);
    for (int i = 0; i < 5; ++i) CHECK(login(kWrong).Says("Invalid credentials"));
    CHECK(login(kRight).Says("Account locked until 15 minute(s)"));
    server.clock.Advance(15 * kMinute);
    CHECK(login(kRight).code == Code::kOk);
}

TEST(a_client_certificate_decides_by_its_name) {
    CoreConfig config = Fixture::WithToken();
    config.auth.require_client_cert = true;
    Fixture server(config);
    const auto with = [&server](std::optional<std::string> name) {
        return Refused([&] { server.core.authenticator.Check({"Bearer test-token", std::move(name)}, ""); });
    };
    CHECK(with("kalamdb-pg-one").code == Code::kOk);
    CHECK_EQ(with(std::nullopt).message, "Missing peer TLS certificate");
    CHECK(with("kalamdb-node-1").code == Code::kPermissionDenied);
    CHECK(with("kalamdb-pg-").Says("empty name suffix"));
    CHECK(with("somebody").Says("Unrecognised peer CN"));
}
