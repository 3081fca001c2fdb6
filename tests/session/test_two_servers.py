"""Several foreign servers in one transaction: they commit one after the other, and a failure says what stays."""
import psycopg2
import pytest


@pytest.fixture(scope="module", autouse=True)
def tables(cluster):
    cluster.sql("CREATE SERVER second FOREIGN DATA WRAPPER pg_kalam OPTIONS "
                f"(host 'localhost', port '{cluster.kalam_port}', auth_header 'Bearer test-token')")
    cluster.sql("CREATE SCHEMA two_servers")
    cluster.sql("CREATE TABLE two_servers.a (id bigint PRIMARY KEY) USING kalamdb")
    cluster.sql("CREATE TABLE two_servers.b (id bigint PRIMARY KEY) USING kalamdb WITH (server = 'second')")
    cluster.sql("CREATE TABLE two_servers.local (id bigint)")
    yield
    cluster.sql("DROP SCHEMA two_servers CASCADE")


def counts(cluster):
    return [cluster.sql(f"SELECT count(*) FROM two_servers.{name}")[0][0] for name in ("a", "b", "local")]


@pytest.fixture
def cursor(cluster, connect):
    for name in ("a", "b", "local"):
        cluster.sql(f"DELETE FROM two_servers.{name}")
    with connect(autocommit=False).cursor() as made:
        yield made


def write(cursor, a, b):
    cursor.execute("INSERT INTO two_servers.local VALUES (1)")
    cursor.execute("INSERT INTO two_servers.a VALUES (%s)", (a,))
    cursor.execute("INSERT INTO two_servers.b VALUES (%s)", (b,))


def test_commit_reaches_both(cluster, cursor):
    write(cursor, 1, 1)
    assert counts(cluster) == [0, 0, 0]
    cursor.connection.commit()
    assert counts(cluster) == [1, 1, 1]


def test_a_stream_beside_the_other_server(cluster, cursor):
    """A stream's rows cannot be staged; outside a block they need not be."""
    cluster.sql("CREATE TABLE two_servers.events (id bigint PRIMARY KEY) USING kalamdb WITH (type = 'stream', ttl_seconds = 600)")
    cluster.sql("DO $$ BEGIN INSERT INTO two_servers.events VALUES (1); INSERT INTO two_servers.b VALUES (1); END $$",
                **{"kalam.user_id": "alice"})
    assert cluster.sql("SELECT id FROM two_servers.events", **{"kalam.user_id": "alice"}) == [(1,)]
    assert counts(cluster) == [0, 1, 0]


def test_rollback_reaches_both(cluster, cursor):
    write(cursor, 1, 1)
    cursor.connection.rollback()
    assert counts(cluster) == [0, 0, 0]


def test_a_local_failure_undoes_both(cluster, cursor):
    write(cursor, 1, 1)
    with pytest.raises(psycopg2.Error):
        cursor.execute("SELECT 1 / 0")
    cursor.connection.rollback()
    assert counts(cluster) == [0, 0, 0]


def test_a_duplicate_key_at_the_first_stops_both(cluster, cursor):
    """The duplicate comes from another session, between the statement and the commit."""
    write(cursor, 9, 2)
    cluster.sql("INSERT INTO two_servers.a VALUES (9)")
    with pytest.raises(psycopg2.errors.UniqueViolation) as error:
        cursor.connection.commit()
    cursor.connection.rollback()
    assert counts(cluster) == [1, 0, 0]
    assert "committed before" not in (error.value.diag.context or "")


def test_a_duplicate_key_at_the_second_says_what_stays(cluster, cursor):
    write(cursor, 3, 9)
    cluster.sql("INSERT INTO two_servers.b VALUES (9)")
    with pytest.raises(psycopg2.errors.UniqueViolation) as error:
        cursor.connection.commit()
    cursor.connection.rollback()
    assert counts(cluster) == [1, 1, 0]
    port = cluster.kalam_port
    assert f'changes on KalamDB server "127.0.0.1:{port}" were committed before' in error.value.diag.context
