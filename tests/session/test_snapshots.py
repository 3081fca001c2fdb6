"""What a transaction at READ COMMITTED sees of other sessions' commits, and changes on the strength of it. KalamDB's transactions have one
snapshot, taken when the first write is staged; whoever read something newer afterwards must not fall back behind it.
"""
import psycopg2
import pytest

from conftest import answer

KINDS = {
    "update": "UPDATE snap.b SET title = 'z' WHERE id = 2",
    "update by scan": "UPDATE snap.b SET title = 'z' WHERE n = 20",
    "insert": "INSERT INTO snap.b VALUES (50, 50, 'z')",
    "delete": "DELETE FROM snap.b WHERE id = 2",
}


@pytest.fixture
def two(cluster, connect):
    cluster.sql("CREATE SCHEMA snap")
    for table in "ab":
        cluster.sql(f"CREATE TABLE snap.{table} (id bigint PRIMARY KEY, n int NOT NULL, title text) USING kalamdb")
        cluster.sql(f"INSERT INTO snap.{table} SELECT g, g * 10, 'old' FROM generate_series(1, 3) g")
    with connect().cursor() as one, connect().cursor() as other:
        yield one, other
        one.execute("ROLLBACK")  # what a failed test has left open
    cluster.sql("DROP SCHEMA snap CASCADE")


def open_remote_transaction(cursor):
    """Two changes: the first alone would be held back."""
    cursor.execute("BEGIN")
    cursor.execute("UPDATE snap.a SET title = 'mine' WHERE id = 1")
    cursor.execute("UPDATE snap.a SET title = 'mine' WHERE id = 2")


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_read_stays_when_the_table_is_changed(two, kind):
    mine, other = two
    open_remote_transaction(mine)
    other.execute("UPDATE snap.b SET n = 1000 WHERE id = 3")
    other.execute("INSERT INTO snap.b VALUES (4, 40, 'new')")
    assert answer(mine, "SELECT n FROM snap.b WHERE id = 3") == [(1000,)]
    mine.execute(KINDS[kind])
    assert answer(mine, "SELECT n FROM snap.b WHERE id >= 3 AND id < 10 ORDER BY id") == [(1000,), (40,)]
    mine.execute("UPDATE snap.b SET n = n + 1 WHERE id IN (3, 4)")
    assert mine.rowcount == 2
    mine.execute("COMMIT")
    assert answer(other, "SELECT n FROM snap.b WHERE id IN (3, 4) ORDER BY id") == [(1001,), (41,)], "no update is lost"
    assert answer(other, "SELECT title FROM snap.a ORDER BY id") == [("mine",), ("mine",), ("old",)], "nor what was staged before"


def test_a_row_of_another_session_is_changed_first(two):
    mine, other = two
    open_remote_transaction(mine)
    other.execute("INSERT INTO snap.b VALUES (4, 40, 'new')")
    mine.execute("UPDATE snap.b SET title = 'mine' WHERE id = 4")
    assert mine.rowcount == 1
    assert answer(mine, "SELECT id, n, title FROM snap.b WHERE id > 2 ORDER BY id") == [(3, 30, "old"), (4, 40, "mine")]
    mine.execute("UPDATE snap.b SET n = n + 1 WHERE title = 'mine'")
    assert mine.rowcount == 1
    mine.execute("COMMIT")
    assert answer(other, "SELECT id, n, title FROM snap.b WHERE id = 4") == [(4, 41, "mine")]


def test_where_the_journal_is_lost_other_tables_are_read_in_the_snapshot(two):
    mine, other = two
    mine.execute("SET kalam.savepoint_journal_limit = 0")
    open_remote_transaction(mine)
    other.execute("UPDATE snap.b SET n = 1000 WHERE id = 3")
    assert answer(mine, "SELECT n FROM snap.b WHERE id = 3") == [(30,)]
    mine.execute("UPDATE snap.b SET title = 'mine' WHERE id = 3")
    mine.execute("COMMIT")
    assert answer(other, "SELECT n, title FROM snap.b WHERE id = 3") == [(1000, "mine")]


def test_a_journal_lost_too_late_is_an_error(two):
    mine, other = two
    open_remote_transaction(mine)
    answer(mine, "SELECT n FROM snap.b")
    mine.execute("SET kalam.savepoint_journal_limit = 0")
    mine.execute("UPDATE snap.a SET title = 'mine' WHERE id = 3")
    with pytest.raises(psycopg2.errors.TransactionRollback):
        mine.execute("UPDATE snap.b SET title = 'mine' WHERE id = 3")
    mine.execute("ROLLBACK")
    assert answer(other, "SELECT DISTINCT title FROM snap.a") == [("old",)]


def test_repeatable_read_keeps_one_snapshot(two):
    mine, other = two
    mine.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
    assert answer(mine, "SELECT n FROM snap.a WHERE id = 1") == [(10,)]
    other.execute("UPDATE snap.b SET n = 0")
    assert answer(mine, "SELECT sum(n) FROM snap.b") == [(60,)]
    mine.execute("COMMIT")
    assert answer(mine, "SELECT sum(n) FROM snap.b") == [(0,)]


@pytest.mark.parametrize("order", ["a u s", "u a s", "s u a"])
def test_repeatable_read_reads_tables_of_every_kind(cluster, two, order):
    """As pg_dump does, in READ ONLY."""
    mine, _ = two
    cluster.sql("CREATE TABLE snap.u (id bigint PRIMARY KEY) USING kalamdb WITH (type = 'user')")
    cluster.sql("CREATE TABLE snap.s (id bigint, n int) USING kalamdb WITH (type = 'stream', ttl_seconds = 600)")
    mine.execute("SET kalam.user_id = 'snap'")
    mine.execute("INSERT INTO snap.u VALUES (1)")
    mine.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
    counts = {table: answer(mine, f"SELECT count(id) FROM snap.{table}")[0][0] for table in order.split()}
    mine.execute("COMMIT")
    assert counts == {"a": 3, "u": 1, "s": 0}
