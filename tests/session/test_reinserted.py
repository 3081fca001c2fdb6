"""Rows that a transaction deletes and inserts again: KalamDB checks the keys of inserts against what is stored when it commits, so they
must reach it as updates.
"""
import io

import psycopg2
import pytest

from conftest import answer

ROWS = "SELECT id, n, title FROM back.t ORDER BY id"


@pytest.fixture
def cursor(cluster, connect):
    cluster.sql("CREATE SCHEMA back")
    cluster.sql("CREATE TABLE back.t (id bigint PRIMARY KEY, n int, title text) USING kalamdb")
    cluster.sql("INSERT INTO back.t VALUES (1, 1, 'one'), (2, 2, 'two'), (3, 3, 'three')")
    with connect().cursor() as made:
        yield made
    cluster.sql("DROP SCHEMA back CASCADE")


def run(cursor, *statements):
    for statement in ("BEGIN", *statements, "COMMIT"):
        cursor.execute(statement)


def test_one_row(cursor):
    run(cursor, "DELETE FROM back.t WHERE id = 1", "INSERT INTO back.t (id, n) VALUES (1, 10)")
    assert answer(cursor, ROWS) == [(1, 10, None), (2, 2, "two"), (3, 3, "three")], "no column is left of the old row"


def test_reload_of_a_table(cursor):
    cursor.execute("BEGIN")
    cursor.execute("DELETE FROM back.t")
    cursor.execute("INSERT INTO back.t SELECT g, g * 10, 'new' FROM generate_series(2, 5) g")
    assert cursor.rowcount == 4
    assert answer(cursor, ROWS) == [(i, i * 10, "new") for i in range(2, 6)], "before COMMIT"
    cursor.execute("COMMIT")
    assert answer(cursor, ROWS) == [(i, i * 10, "new") for i in range(2, 6)]


def test_truncate_and_copy(cursor):
    cursor.execute("BEGIN")
    cursor.execute("TRUNCATE back.t")
    cursor.copy_expert("COPY back.t (id, n, title) FROM STDIN", io.StringIO("3\t33\tcopied\n4\t44\tcopied\n"))
    cursor.execute("COMMIT")
    assert answer(cursor, ROWS) == [(3, 33, "copied"), (4, 44, "copied")]


def test_again_and_again(cursor):
    run(cursor, *(["DELETE FROM back.t WHERE id = 2", "INSERT INTO back.t VALUES (2, 20, 'x')"] * 3),
        "UPDATE back.t SET n = n + 1 WHERE id = 2")
    assert answer(cursor, ROWS)[1] == (2, 21, "x")
    run(cursor, "DELETE FROM back.t WHERE id = 2", "INSERT INTO back.t VALUES (2, 30, 'y')", "DELETE FROM back.t WHERE id = 2")
    assert [row[0] for row in answer(cursor, ROWS)] == [1, 3]


def test_a_row_of_the_same_transaction(cursor):
    run(cursor, "INSERT INTO back.t VALUES (7, 7, 'seven')", "DELETE FROM back.t WHERE id = 7", "INSERT INTO back.t VALUES (7, 70, NULL)")
    assert answer(cursor, ROWS)[3] == (7, 70, None)


def test_a_second_row_of_the_key_is_a_duplicate(cursor):
    with pytest.raises(psycopg2.errors.UniqueViolation):
        run(cursor, "DELETE FROM back.t WHERE id = 1", "INSERT INTO back.t VALUES (1, 10, 'x')", "INSERT INTO back.t VALUES (1, 11, 'y')")
    cursor.execute("ROLLBACK")
    with pytest.raises(psycopg2.errors.UniqueViolation):
        run(cursor, "DELETE FROM back.t WHERE id = 1", "INSERT INTO back.t VALUES (1, 10, 'x'), (1, 11, 'y')")
    cursor.execute("ROLLBACK")
    assert answer(cursor, ROWS)[0] == (1, 1, "one")


def test_rollback_to_a_savepoint_deletes_again(cursor):
    run(cursor, "DELETE FROM back.t WHERE id < 3", "SAVEPOINT s", "INSERT INTO back.t VALUES (1, 10, 'x')", "ROLLBACK TO s")
    assert answer(cursor, ROWS) == [(3, 3, "three")]
    run(cursor, "SAVEPOINT s", "DELETE FROM back.t WHERE id = 3", "INSERT INTO back.t VALUES (3, 30, 'x')", "ROLLBACK TO s")
    assert answer(cursor, ROWS) == [(3, 3, "three")]
    run(cursor, "SAVEPOINT s", "DELETE FROM back.t WHERE id = 3", "RELEASE s", "SAVEPOINT s", "INSERT INTO back.t VALUES (3, 30, 'x')", "RELEASE s")
    assert answer(cursor, ROWS) == [(3, 30, "x")]


def test_a_key_that_moves(cursor):
    run(cursor, "DELETE FROM back.t WHERE id = 1", "UPDATE back.t SET id = 1 WHERE id = 2")
    assert answer(cursor, ROWS) == [(1, 2, "two"), (3, 3, "three")]
    run(cursor, "UPDATE back.t SET id = 10 WHERE id = 1", "UPDATE back.t SET id = 1 WHERE id = 10")
    assert answer(cursor, ROWS) == [(1, 2, "two"), (3, 3, "three")]


def test_on_conflict_do_nothing(cursor):
    run(cursor, "DELETE FROM back.t WHERE id = 1", "INSERT INTO back.t VALUES (1, 10, 'x'), (2, 20, 'x') ON CONFLICT DO NOTHING")
    assert answer(cursor, ROWS) == [(1, 10, "x"), (2, 2, "two"), (3, 3, "three")]


def test_in_a_function(cursor):
    cursor.execute("""DO $$ BEGIN
        DELETE FROM back.t WHERE id = 1;
        BEGIN
            INSERT INTO back.t VALUES (1, 10, 'x');
            INSERT INTO back.t VALUES (2, 20, 'x');
        EXCEPTION WHEN unique_violation THEN
            INSERT INTO back.t VALUES (1, 11, 'caught');
        END;
    END $$""")
    assert answer(cursor, ROWS) == [(1, 11, "caught"), (2, 2, "two"), (3, 3, "three")]


def test_nothing_but_a_key(cursor):
    cursor.execute("CREATE TABLE back.k (id text PRIMARY KEY) USING kalamdb")
    cursor.execute("INSERT INTO back.k VALUES ('a'), ('b')")
    run(cursor, "DELETE FROM back.k", "INSERT INTO back.k VALUES ('b'), ('ü')")
    assert sorted(answer(cursor, "SELECT id FROM back.k")) == [("b",), ("ü",)]


def test_a_key_of_another_name(cursor):
    """KalamDB stages no rows of such a table, but updates."""
    cursor.execute("CREATE TABLE back.named (code text PRIMARY KEY, n int) USING kalamdb")
    cursor.execute("INSERT INTO back.named VALUES ('a', 1)")
    run(cursor, "DELETE FROM back.named WHERE code = 'a'", "INSERT INTO back.named VALUES ('a', 2)")
    assert answer(cursor, "SELECT code, n FROM back.named") == [("a", 2)]


def test_rows_of_users(cursor):
    cursor.execute("CREATE TABLE back.u (id int PRIMARY KEY, n int) USING kalamdb WITH (type = 'user')")
    for user in ("anna", "bert"):
        cursor.execute(f"SET kalam.user_id = '{user}'")
        cursor.execute("INSERT INTO back.u VALUES (1, 1)")
    run(cursor, "DELETE FROM back.u", "INSERT INTO back.u VALUES (1, 2)")
    cursor.execute("SET kalam.user_id = 'anna'")
    assert answer(cursor, "SELECT id, n FROM back.u") == [(1, 1)]
    with pytest.raises(psycopg2.errors.UniqueViolation):
        run(cursor, "SET LOCAL kalam.user_id = 'bert'", "DELETE FROM back.u", "SET LOCAL kalam.user_id = 'anna'", "INSERT INTO back.u VALUES (1, 3)")
    cursor.execute("ROLLBACK")
    cursor.execute("SET kalam.user_id = 'bert'")
    assert answer(cursor, "SELECT id, n FROM back.u") == [(1, 2)]


def test_more_than_the_journal_holds(cursor):
    cursor.execute("SET kalam.savepoint_journal_limit = 0")
    with pytest.raises(psycopg2.errors.UniqueViolation):
        run(cursor, "DELETE FROM back.t WHERE id < 3", "INSERT INTO back.t VALUES (1, 10, 'x')")
    cursor.execute("ROLLBACK")
    assert len(answer(cursor, ROWS)) == 3


def test_a_trigger_that_replaces(cursor):
    cursor.execute("CREATE FUNCTION back.replace() RETURNS trigger LANGUAGE plpgsql AS "
                   "'BEGIN DELETE FROM back.t WHERE id = NEW.id; RETURN NEW; END'")
    cursor.execute("CREATE TRIGGER replace BEFORE INSERT ON back.t FOR EACH ROW EXECUTE FUNCTION back.replace()")
    cursor.execute("INSERT INTO back.t VALUES (1, 10, 'x'), (4, 40, 'x'), (3, 30, 'x'), (1, 11, 'y'), (4, 41, 'y')")
    assert answer(cursor, ROWS) == [(1, 11, "y"), (2, 2, "two"), (3, 30, "x"), (4, 41, "y")]


def test_a_repeated_key_is_found_at_once_in_a_subtransaction(cursor):
    cursor.execute("""DO $$ BEGIN
        DELETE FROM back.t;
        BEGIN
            INSERT INTO back.t VALUES (1, 10, 'x'), (1, 11, 'y');
        EXCEPTION WHEN unique_violation THEN
            INSERT INTO back.t VALUES (3, 30, 'caught');
        END;
    END $$""")
    assert answer(cursor, ROWS) == [(3, 30, "caught")]
