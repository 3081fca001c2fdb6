"""What one session's transaction shows another: nothing before COMMIT, all of it after, none of it after ROLLBACK."""
import psycopg2
import pytest

from conftest import wait_for


@pytest.fixture(scope="module", autouse=True)
def table(cluster):
    cluster.sql("CREATE TABLE accounts (id bigint PRIMARY KEY, amount int) USING kalamdb WITH (type = 'shared')")
    cluster.sql("CREATE TABLE local_log (id bigint PRIMARY KEY, what text)")


@pytest.fixture(autouse=True)
def empty(cluster):
    cluster.sql("DELETE FROM accounts")
    cluster.sql("TRUNCATE local_log")


def all_rows(connection, table="accounts"):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table} ORDER BY 1")
        return [row[:2] for row in cursor.fetchall()]


def test_commit_is_seen_by_another_session(connect):
    writer, reader = connect(autocommit=False), connect()
    with writer.cursor() as cursor:
        cursor.execute("INSERT INTO accounts VALUES (1, 10), (2, 20)")
        cursor.execute("UPDATE accounts SET amount = 11 WHERE id = 1")
        cursor.execute("SELECT id, amount FROM accounts ORDER BY id")
        assert cursor.fetchall() == [(1, 11), (2, 20)]
    assert all_rows(reader) == []
    writer.commit()
    assert all_rows(reader) == [(1, 11), (2, 20)]


def test_rollback_leaves_nothing(connect):
    writer, reader = connect(autocommit=False), connect()
    with writer.cursor() as cursor:
        cursor.execute("INSERT INTO accounts VALUES (1, 10)")
        cursor.execute("INSERT INTO local_log VALUES (1, 'x')")
    writer.rollback()
    assert all_rows(reader) == []
    assert all_rows(reader, "local_log") == []


def test_failed_remote_commit_rolls_the_local_side_back(connect):
    writer, reader = connect(autocommit=False), connect()
    with reader.cursor() as cursor:
        cursor.execute("INSERT INTO accounts VALUES (5, 1)")
    with writer.cursor() as cursor:
        cursor.execute("INSERT INTO local_log VALUES (5, 'local')")
        cursor.execute("INSERT INTO accounts VALUES (5, 2)")
    with pytest.raises(psycopg2.Error) as error:
        writer.commit()
    assert error.value.pgcode == "23505"
    assert "Primary key violation" in str(error.value)
    assert all_rows(reader, "local_log") == []
    assert all_rows(reader) == [(5, 1)]


def test_failed_local_statement_leaves_nothing_remote(connect):
    session = connect()
    with session.cursor() as cursor, pytest.raises(psycopg2.Error):
        cursor.execute("INSERT INTO accounts VALUES (6, 1); SELECT 1 / 0")
    assert all_rows(session) == []


def test_statement_is_atomic(connect):
    session = connect()
    with session.cursor() as cursor:
        cursor.execute("INSERT INTO accounts VALUES (3, 1)")
        with pytest.raises(psycopg2.Error) as error:
            cursor.execute("INSERT INTO accounts SELECT g, 0 FROM generate_series(1, 10) g")
    assert error.value.pgcode == "23505"
    assert all_rows(session) == [(3, 1)]


def test_disconnect_rolls_back_and_closes_the_session(cluster, connect):
    reader = connect()
    writer = connect(autocommit=False)
    pid = writer.info.backend_pid
    with writer.cursor() as cursor:
        cursor.execute("INSERT INTO accounts VALUES (9, 9)")
        cursor.execute("SELECT count(*) FROM accounts")

    def sessions():
        rows = cluster.sql("SELECT kalam_exec('SELECT session_id, transaction_id FROM system.sessions LIMIT 1000')")
        return rows[0][0]

    assert f"pg-{pid}-" in sessions()
    writer.close()
    wait_for(lambda: f"pg-{pid}-" not in sessions(), 3, "the session is closed on the server")
    assert all_rows(reader) == []


def test_terminated_backend_rolls_back(cluster, connect):
    reader, writer = connect(), connect(autocommit=False)
    pid = writer.info.backend_pid
    with writer.cursor() as cursor:
        cursor.execute("INSERT INTO accounts VALUES (8, 8)")
        cursor.execute("SELECT count(*) FROM accounts")
    cluster.sql("SELECT pg_terminate_backend(%s)", pid)
    wait_for(lambda: not cluster.sql("SELECT 1 FROM pg_stat_activity WHERE pid = %s", pid), 3, "the backend is gone")
    assert all_rows(reader) == []


def test_a_serialization_failure_of_local_tables_leaves_nothing_remote(connect):
    """Write skew: PostgreSQL notices at COMMIT, and must before the remote side is committed."""
    mine, other = (connect(autocommit=False, default_transaction_isolation="serializable") for _ in range(2))
    with connect().cursor() as cursor:
        cursor.execute("INSERT INTO local_log VALUES (1, 'a'), (2, 'b')")
        cursor.execute("DROP TABLE IF EXISTS dropped")
        cursor.execute("CREATE TABLE dropped (id bigint PRIMARY KEY) USING kalamdb")
    with mine.cursor() as cursor, other.cursor() as others:
        for one in (cursor, others):
            one.execute("SELECT count(*) FROM local_log")
        cursor.execute("INSERT INTO accounts VALUES (1, 10)")
        cursor.execute("DROP TABLE dropped")
        cursor.execute("UPDATE local_log SET what = 'x' WHERE id = 1")
        others.execute("UPDATE local_log SET what = 'x' WHERE id = 2")
    other.commit()
    with pytest.raises(psycopg2.errors.SerializationFailure):
        mine.commit()
    reader = connect()
    assert all_rows(reader) == []
    assert all_rows(reader, "dropped") == []
