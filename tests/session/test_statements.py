"""Statements outside explicit transactions: how many calls they cost, that each is all or nothing, and that functions, DO blocks and
triggers see what was written before them."""
import pathlib
import subprocess

import psycopg2
import pytest

from calls import calls_of


@pytest.fixture(scope="module", autouse=True)
def tables(cluster):
    cluster.sql("CREATE TABLE st (id bigint PRIMARY KEY, n int, body text) USING kalamdb WITH (type = 'shared')")
    cluster.sql("CREATE TABLE st_keyed (sku text PRIMARY KEY, n int) USING kalamdb WITH (type = 'shared')")
    cluster.sql("CREATE TABLE st_local (id bigint PRIMARY KEY, n int)")


@pytest.fixture(autouse=True)
def fresh(cluster):
    cluster.sql("DELETE FROM st")
    cluster.sql("DELETE FROM st_keyed")
    cluster.sql("INSERT INTO st SELECT g, g * 10, 'old' FROM generate_series(1, 5) g")


@pytest.mark.parametrize("statement, calls", [
    ("INSERT INTO st VALUES (10, 1, 'x')", {"Insert": 1}),
    ("INSERT INTO st SELECT g, 1, 'x' FROM generate_series(10, 1000) g", {"Insert": 1}),
    ("INSERT INTO st_keyed VALUES ('a', 1), ('b', 2)", {"Insert": 1}),
    ("INSERT INTO st VALUES (10, 1, 'x') RETURNING id, n", {"Insert": 1}),
    ("INSERT INTO st VALUES (10, 1, 'x') RETURNING *", {"Insert": 1, "Scan": 1}),
    ("INSERT INTO st VALUES (1, 1, 'x') ON CONFLICT DO NOTHING", {"Insert": 1}),
    ("SELECT * FROM st WHERE id = 1", {"Scan": 1}),
    ("SELECT * FROM st WHERE id IN (1, 2, 3)", {"Scan": 3}),
    ("SELECT * FROM st", {"Scan": 1}),
    ("SELECT count(*) FROM st", {"ExecuteQuery": 1}),
    ("SELECT * FROM st WHERE id = NULL", {}),
    ("UPDATE st SET n = 7 WHERE id = 1", {"Update": 1}),
    ("UPDATE st SET n = 7 WHERE id = 99", {"Update": 1}),
    ("UPDATE st SET n = n + 1 WHERE id = 1", {"Scan": 1, "Update": 1}),
    ("DELETE FROM st WHERE id = 1", {"Delete": 1}),
    ("DELETE FROM st WHERE n = 20", {"Scan": 1, "Delete": 1}),
    ("UPDATE st SET n = 0", {"Scan": 1, "BeginTransaction": 1, "Update": 5, "CommitTransaction": 1}),
    ("EXPLAIN UPDATE st SET n = 0", {}),
])
def test_calls(cluster, connect, statement, calls):
    session = connect()
    with session.cursor() as cursor:
        assert calls_of(cluster, lambda: cursor.execute(statement)) == calls


def test_what_a_table_is_is_asked_once(cluster, connect):
    cluster.sql("SELECT kalam_exec('DROP TABLE IF EXISTS public.st_nosuch')")  # after which nothing is taken for known
    calls = []
    for _ in range(3):
        with connect().cursor() as cursor:
            calls.append(calls_of(cluster, lambda: cursor.execute("SELECT * FROM st WHERE id = 1")))
    assert calls == [{"ExecuteQuery": 1, "Scan": 1}, {"Scan": 1}, {"Scan": 1}]


def test_a_table_that_became_another_one_is_not_read(cluster, connect):
    cluster.sql("CREATE TABLE st_was (id bigint PRIMARY KEY) USING kalamdb WITH (type = 'shared')")
    with connect().cursor() as cursor:
        cursor.execute("SELECT * FROM st_was")
        cluster.sql("SELECT kalam_exec('DROP TABLE public.st_was')")
        cluster.sql("SELECT kalam_exec('CREATE USER TABLE public.st_was (id BIGINT PRIMARY KEY)')")
        with pytest.raises(psycopg2.errors.WrongObjectType, match="is a user table"):
            cursor.execute("SELECT * FROM st_was")
    cluster.sql("DROP TABLE st_was")


@pytest.mark.parametrize("mode", ["simple", "extended", "prepared"])
def test_keyed_changes_are_one_call_in_every_protocol(cluster, tmp_path, mode):
    script = pathlib.Path(tmp_path) / "script.sql"
    script.write_text("UPDATE st SET n = 8 WHERE id = 1;\nDELETE FROM st WHERE id = 2;\n")
    tmp_path.chmod(0o755)

    def run():
        subprocess.run(["pgbench", "-n", "-M", mode, "-t", "3", "-f", str(script), "-h", f"{cluster.dir}/run", "-U", "postgres", "kalam"],
                       check=True, capture_output=True)

    assert calls_of(cluster, run) == {"Update": 3, "Delete": 3}


def test_row_counts(connect):
    session = connect()
    with session.cursor() as cursor:
        for statement, count in [
            ("UPDATE st SET n = 10 WHERE id = 1", 1),  # the value it has
            ("UPDATE st SET n = 10 WHERE id = 99", 0),
            ("DELETE FROM st WHERE id = 99", 0),
            ("DELETE FROM st WHERE id = 5", 1),
            ("INSERT INTO st VALUES (1, 1, 'x') ON CONFLICT DO NOTHING", 0),
            ("INSERT INTO st VALUES (1, 1, 'x'), (6, 1, 'x') ON CONFLICT DO NOTHING", 1),
        ]:
            cursor.execute(statement)
            assert cursor.rowcount == count, statement


def test_returning_seq_is_the_stored_version(connect):
    session = connect()
    with session.cursor() as cursor:
        cursor.execute("INSERT INTO st (id, n) VALUES (10, 1) RETURNING _seq")
        returned = cursor.fetchone()
        cursor.execute("SELECT _seq FROM st WHERE id = 10")
        assert cursor.fetchone() == returned
        assert returned[0] > 0


def test_counts_are_the_same_pushed_or_not(connect):
    session = connect()
    with session.cursor() as cursor:
        for rows in (5, 6, 1500):
            cursor.execute("INSERT INTO st SELECT g, 0, NULL FROM generate_series(1, %s) g ON CONFLICT DO NOTHING", (rows,))
            cursor.execute("SELECT count(*), (SELECT count(*) FROM (SELECT * FROM st OFFSET 0) s) FROM st")
            assert cursor.fetchone() == (rows, rows)


def test_do_block_sees_its_writes(connect):
    session = connect()
    with session.cursor() as cursor:
        cursor.execute("""
            DO $$ BEGIN
                INSERT INTO st VALUES (10, 1, 'x');
                ASSERT (SELECT count(*) FROM st) = 6, 'after an insert';
                INSERT INTO st VALUES (11, 1, 'x');
                UPDATE st SET n = 2 WHERE id = 10;
                ASSERT (SELECT n FROM st WHERE id = 10) = 2, 'after an update';
                DELETE FROM st WHERE id = 11;
                ASSERT (SELECT count(*) FROM st WHERE id = 11) = 0, 'after a delete';
                ASSERT (SELECT kalam_exec('SELECT id FROM public.st WHERE id = 10')) = '[]', 'and nobody else';
            END $$""")
        cursor.execute("SELECT count(*) FROM st")
        assert cursor.fetchone() == (6,)


def test_loop_of_inserts_is_one_call(cluster, connect):
    session = connect()
    with session.cursor() as cursor:
        assert calls_of(cluster, lambda: cursor.execute(
            "DO $$ BEGIN FOR i IN 10 .. 60 LOOP INSERT INTO st VALUES (i, i, 'x'); END LOOP; END $$")) == {"Insert": 1}
        cursor.execute("SELECT count(*) FROM st")
        assert cursor.fetchone() == (56,)


def test_local_failure_keeps_nothing_remote(connect):
    session = connect()
    with session.cursor() as cursor:
        for statement in ["DO $$ BEGIN INSERT INTO st VALUES (10, 1, 'x'); UPDATE st SET n = 0 WHERE id = 1; PERFORM 1 / 0; END $$",
                          "WITH a AS (INSERT INTO st VALUES (10, 1, 'x') RETURNING id) SELECT 1 / (id - 10) FROM a",
                          "WITH a AS (DELETE FROM st WHERE id = 1 RETURNING id) SELECT 1 / (id - 1) FROM a",
                          "INSERT INTO st VALUES (10, 1, 'x') RETURNING 1 / (n - 1)",
                          "INSERT INTO st SELECT id + 100, 1 / (id - 5), 'x' FROM st RETURNING *",
                          "INSERT INTO st SELECT id + 100, 1 / (id - 5), 'x' FROM st ON CONFLICT DO NOTHING",
                          "INSERT INTO st SELECT g, 1 / (12 - g), 'x' FROM generate_series(10, 12) g"]:
            with pytest.raises(psycopg2.Error) as error:
                cursor.execute(statement)
            assert error.value.pgcode == "22012", statement
        cursor.execute("SELECT id, n FROM st ORDER BY id")
        assert cursor.fetchall() == [(1, 10), (2, 20), (3, 30), (4, 40), (5, 50)]


def test_more_than_one_request_is_atomic(connect):
    session = connect()
    with session.cursor() as cursor:
        # Nine requests; the last row's key exists.
        with pytest.raises(psycopg2.Error) as error:
            cursor.execute("INSERT INTO st SELECT CASE g WHEN 30 THEN 1 ELSE g + 100 END, 1, repeat('y', 1000000) FROM generate_series(1, 30) g")
        assert error.value.pgcode == "23505"
        cursor.execute("SELECT count(*) FROM st")
        assert cursor.fetchone() == (5,)


def test_bulk_load_sends_plain_requests(cluster, connect):
    session = connect()
    with session.cursor() as cursor:
        cursor.execute("SET kalam.bulk_load = on")
        calls = calls_of(cluster, lambda: cursor.execute(
            "INSERT INTO st_keyed SELECT repeat('k', 100000) || g, g FROM generate_series(1, 45) g"))
        assert calls == {"Insert": 1 + 5}  # a small one first, then 1 MiB each
        cursor.execute("INSERT INTO st_keyed SELECT repeat('l', 3000000) || g, g FROM generate_series(1, 2) g")
        cursor.execute("SELECT count(*) FROM st_keyed")
        assert cursor.fetchone() == (47,)


def test_large_insert_into_a_table_keyed_otherwise_says_what_to_do(connect):
    session = connect()
    with session.cursor() as cursor, pytest.raises(psycopg2.Error) as error:
        cursor.execute("INSERT INTO st_keyed SELECT repeat('k', 1000000) || g, g FROM generate_series(1, 9) g")
    assert error.value.pgcode == "0A000"
    assert "kalam.bulk_load" in str(error.value)


def test_prepare_transaction_is_refused(connect):
    session = connect()
    with session.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("INSERT INTO st VALUES (10, 1, 'x')")
        with pytest.raises(psycopg2.Error) as error:
            cursor.execute("PREPARE TRANSACTION 'kalam'")
        assert error.value.pgcode == "0A000"
        cursor.execute("ROLLBACK")
        cursor.execute("SELECT count(*) FROM st")
        assert cursor.fetchone() == (5,)


def test_rows_without_a_key_conflict_with_none(cluster, connect):
    """Also rows that are routed to such a table."""
    cluster.sql("CREATE FOREIGN TABLE st_events (n int, note text) SERVER kalam_server OPTIONS (table_type 'stream', ttl_seconds '600')")
    cluster.sql("CREATE TABLE st_root (n int, note text, _seq bigint) PARTITION BY LIST (n)")
    cluster.sql("ALTER TABLE st_root ATTACH PARTITION st_events FOR VALUES IN (1)")
    with connect(**{"kalam.user_id": "keyless"}).cursor() as cursor:
        for table in ("st_events", "st_root"):
            cursor.execute(f"INSERT INTO {table} (n, note) VALUES (1, 'a'), (1, 'b') ON CONFLICT DO NOTHING")
            assert cursor.rowcount == 2
        cursor.execute("SELECT note FROM st_events ORDER BY 1")
        assert cursor.fetchall() == [("a",), ("a",), ("b",), ("b",)]
