"""A call that hangs is left at once: cancel, statement_timeout, termination. The server hangs because it is stopped (SIGSTOP)."""
import os
import signal
import time

import psycopg2
import pytest

from conftest import wait_for
from under_way import run_in_thread, waiting


@pytest.fixture(scope="module", autouse=True)
def table(cluster):
    cluster.sql("CREATE TABLE slow (id bigint PRIMARY KEY, n int) USING kalamdb WITH (type = 'shared')")
    cluster.sql("INSERT INTO slow VALUES (1, 1)")


@pytest.fixture
def hung_server(cluster):
    pid = cluster.server_pid()
    os.kill(pid, signal.SIGSTOP)
    yield
    os.kill(pid, signal.SIGCONT)


@pytest.mark.parametrize("sql", ["SELECT * FROM slow", "INSERT INTO slow VALUES (2, 2)", "UPDATE slow SET n = 3 WHERE id = 1"])
def test_cancel_acts_within_200_ms(cluster, connect, hung_server, sql):
    session = connect()
    thread, outcome = run_in_thread(session, sql)
    wait_for(lambda: waiting(cluster, session.info.backend_pid), 10, "the backend waits for the answer")
    asked = time.monotonic()
    cluster.sql("SELECT pg_cancel_backend(%s)", session.info.backend_pid)
    thread.join(10)
    assert outcome["code"] == "57014"
    assert outcome["ended"] - asked < 0.2


@pytest.mark.parametrize("sql", ["SELECT * FROM slow", "INSERT INTO slow VALUES (3, 3)"])
def test_statement_timeout(connect, hung_server, sql):
    session = connect(statement_timeout="300ms")
    with session.cursor() as cursor, pytest.raises(psycopg2.Error) as error:
        cursor.execute(sql)
    assert error.value.pgcode == "57014"


def test_statement_timeout_of_a_commit(connect, hung_server):
    """PostgreSQL has none for COMMIT, which is when the rows of a block go out."""
    session = connect(autocommit=False, statement_timeout="300ms")
    with session.cursor() as cursor:
        cursor.execute("INSERT INTO slow VALUES (4, 4)")
    with pytest.raises(psycopg2.Error) as error:
        session.commit()
    assert error.value.pgcode == "57014"
    assert "statement timeout" in str(error.value)
    assert "were committed is not known" in error.value.diag.context


def test_terminate(cluster, connect, hung_server):
    session = connect()
    thread, outcome = run_in_thread(session, "SELECT * FROM slow")
    wait_for(lambda: waiting(cluster, session.info.backend_pid), 10, "the backend waits for the answer")
    asked = time.monotonic()
    cluster.sql("SELECT pg_terminate_backend(%s)", session.info.backend_pid)
    thread.join(10)
    assert outcome["ended"] - asked < 0.5


def test_the_session_goes_on_after_a_cancel(cluster, connect):
    """Of its row only the key is certain: what was cut off above may have been done."""
    session = connect()
    with session.cursor() as cursor:
        cursor.execute("SELECT id FROM slow WHERE id = 1")
        assert cursor.fetchall() == [(1,)]


def test_server_option_timeout(cluster, connect, hung_server):
    cluster.sql("ALTER SERVER kalam_server OPTIONS (ADD timeout '300')")
    try:
        session = connect()
        with session.cursor() as cursor, pytest.raises(psycopg2.Error) as error:
            cursor.execute("SELECT * FROM slow")
        assert error.value.pgcode in ("57014", "08006")
        assert "timed out" in str(error.value)
    finally:
        cluster.sql("ALTER SERVER kalam_server OPTIONS (DROP timeout)")
