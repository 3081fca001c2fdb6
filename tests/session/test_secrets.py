"""No secret is told: planted ones must not come back in errors, notices, views, plans or the server's log."""
import psycopg2
import pytest

CONF = ["kalam.worker_log_level = debug", "log_min_messages = debug5"]
SECRETS = ["planted-header", "planted-password", "planted-key", "planted-mapping"]
PLANTED_PEM = "-----BEGIN PRIVATE KEY-----\nplanted-key\n-----END PRIVATE KEY-----\n"
CERTIFICATE = "-----BEGIN CERTIFICATE-----\nnot one\n-----END CERTIFICATE-----\n"


@pytest.fixture(scope="module")
def servers(cluster):
    address = f"host '127.0.0.1', port '{cluster.kalam_port}'"
    options = {
        "wrong_header": f"{address}, auth_header 'Bearer planted-header'",
        "bad_header": f"{address}, auth_header E'Bearer planted-header\\n'",
        "wrong_login": f"{address}, login_user 'root', login_password 'planted-password'",
        "half_login": f"{address}, login_password 'planted-password'",
        "bad_tls": f"{address}, client_cert '{CERTIFICATE}', client_key '{PLANTED_PEM}', ca_cert '{CERTIFICATE}'",
        "half_tls": f"{address}, client_key '{PLANTED_PEM}'",
        "dead": "host '127.0.0.1', port '1', auth_header 'Bearer planted-header'",
        "mapped": address,
    }
    # The statements themselves hold the secrets, and PostgreSQL's debug messages repeat those.
    for name, given in options.items():
        cluster.sql(f"CREATE SERVER {name} FOREIGN DATA WRAPPER pg_kalam OPTIONS ({given})", log_min_messages="fatal")
    cluster.sql("CREATE USER MAPPING FOR PUBLIC SERVER mapped OPTIONS (auth_header 'Bearer planted-mapping')",
                log_min_messages="fatal")
    return list(options)


def told(text):
    return [secret for secret in SECRETS if secret in text]


def everything(error):
    diag = error.diag
    return " ".join(filter(None, [str(error), diag.message_detail, diag.message_hint, diag.context, diag.internal_query]))


def test_errors_tell_none(cluster, servers):
    for server in servers:
        for sql in (f"SELECT kalam_ping('{server}')", f"SELECT kalam_exec('SELECT 1', '{server}')"):
            with pytest.raises(psycopg2.Error) as error:
                cluster.sql(sql, client_min_messages="debug5")
            assert not told(everything(error.value)), server


def test_views_tell_none(cluster, servers):
    for view in ("kalam_status()", "kalam_stat", "kalam_connections", "pg_settings", "pg_stat_activity"):
        rows = cluster.sql(f"SELECT v::text FROM {view} AS v")
        assert not told(" ".join(row[0] for row in rows)), view


def test_core_functions_tell_others_none(cluster, servers):
    """Options of servers are everybody's to read, as the manual says; those of user mappings are not."""
    cluster.sql("CREATE ROLE curious LOGIN")
    for sql in ("SELECT m::text FROM pg_user_mappings m", "SELECT c::text FROM pg_get_backend_memory_contexts() c",
                "SELECT a::text FROM pg_stat_activity a", "SELECT c::text FROM kalam_connections c", "SELECT s::text FROM kalam_status() s"):
        try:
            rows = cluster.sql(sql, role="curious")
        except psycopg2.errors.InsufficientPrivilege:
            continue
        assert not told(" ".join(row[0] for row in rows)), sql


def test_a_refused_option_tells_none(cluster):
    for statement in ("CREATE SERVER refused FOREIGN DATA WRAPPER pg_kalam OPTIONS (auth_heder 'Bearer planted-header')",
                      "CREATE SERVER refused FOREIGN DATA WRAPPER pg_kalam OPTIONS (port 'x', login_password 'planted-password')",
                      "ALTER SERVER kalam_server OPTIONS (ADD client_kye 'planted-key')"):
        with pytest.raises(psycopg2.Error) as error:
            cluster.sql(statement, log_min_messages="fatal", client_min_messages="debug5")
        assert not told(everything(error.value).replace(statement, "")), statement


def test_plans_tell_none(cluster, servers):
    cluster.sql("CREATE FOREIGN TABLE planned (id bigint OPTIONS (key 'true'), n int) SERVER mapped", **{"kalam.mirror_ddl": "off"})
    plan = cluster.sql("EXPLAIN (VERBOSE) SELECT * FROM planned WHERE id = 1")
    assert not told(" ".join(row[0] for row in plan))


def test_the_log_tells_none(cluster):
    assert "pg_kalam worker" in cluster.log, "the worker logs at all"
    assert not told(cluster.log)
