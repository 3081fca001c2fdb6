"""A link that breaks: SQLSTATE and words that tell it, in lower case, and the next statement works."""
import psycopg2
import pytest

from conftest import wait_for
from relay_process import Relay
from under_way import run_in_thread


@pytest.fixture(scope="module")
def relay(cluster):
    with Relay(cluster.kalam_port) as made:
        cluster.sql("CREATE SERVER relayed FOREIGN DATA WRAPPER pg_kalam OPTIONS "
                    f"(host '127.0.0.1', port '{made.port}', auth_header 'Bearer test-token')")
        cluster.sql("CREATE TABLE public.linked (id bigint PRIMARY KEY, n int) USING kalamdb WITH (server = 'relayed')")
        cluster.sql("INSERT INTO linked VALUES (1, 1)")
        yield made
        made.accept()
        cluster.sql("DROP SERVER relayed CASCADE")


def test_a_transaction_whose_link_broke(cluster, relay, connect):
    session = connect(autocommit=False)
    with session.cursor() as cursor:
        cursor.execute("INSERT INTO linked VALUES (2, 2)")
        relay.refuse()
        relay.cut()
        with pytest.raises(psycopg2.OperationalError) as error:
            cursor.execute("SELECT * FROM linked")
            session.commit()
    assert error.value.pgcode in ("08006", "08001"), str(error.value)
    assert "transport" in str(error.value) or "could not connect" in str(error.value)
    session.rollback()
    relay.accept()
    assert cluster.sql("SELECT id FROM linked") == [(1,)], "nothing of it stayed"


def test_a_server_that_does_not_answer_in_time(cluster, relay):
    cluster.sql("ALTER SERVER relayed OPTIONS (ADD timeout '300')")
    relay.pause()
    try:
        with pytest.raises(psycopg2.Error) as error:
            cluster.sql("SELECT * FROM linked")
        assert "timed out" in str(error.value)
        assert error.value.pgcode == "08006"
    finally:
        relay.resume()
    cluster.sql("ALTER SERVER relayed OPTIONS (DROP timeout)")
    assert cluster.sql("SELECT id FROM linked") == [(1,)]


def test_a_backend_that_goes_while_its_transaction_begins(cluster, relay, connect):
    """Nobody hears that it has begun: its session is given up, and the worker goes on."""
    session = connect()
    with session.cursor() as cursor:
        begin_and_read = "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT * FROM linked"
        cursor.execute(f"{begin_and_read}; COMMIT")  # opens the session
        sent = relay.stats()["up"]
        relay.pause("down")
        try:
            thread, outcome = run_in_thread(session, begin_and_read)
            wait_for(lambda: relay.stats()["up"] > sent, what="BeginTransaction is with the server")
            cluster.sql("SELECT pg_terminate_backend(%s, 10000)", session.info.backend_pid)
            thread.join()
            assert outcome["code"] in (None, "57P01")  # by how much of the connection's end libpq still reads
            wait_for(lambda: cluster.sql("SELECT control_depth FROM kalam_status()") == [(0,)], what="the worker knows")
        finally:
            relay.resume("down")
    assert cluster.sql("SELECT id FROM linked", statement_timeout="10s") == [(1,)]
