"""Savepoints: every generated order of insert, update, delete, read, SAVEPOINT, ROLLBACK TO and RELEASE up to depth 3 ends with
the rows that a plain table has, or with an error and nothing changed. Never with a silent leftover.
"""
import random

import psycopg2
import pytest

DEPTH = 3


@pytest.fixture(scope="module", autouse=True)
def tables(cluster):
    cluster.sql("CREATE TABLE sp_plain (id bigint PRIMARY KEY, n int)")
    cluster.sql("CREATE TABLE sp_kalam (id bigint PRIMARY KEY, n int) USING kalamdb WITH (type = 'shared')")


def generate(seed):
    """A list of statements with {t} for the table. A key is not inserted again once it was deleted (the server refuses that)."""
    rng = random.Random(seed)
    statements, depth, names = [], 0, []
    next_key = 100
    for _ in range(rng.randint(6, 14)):
        action = rng.choice(["insert", "insert", "update", "delete", "read", "savepoint", "savepoint", "rollback", "release"])
        if action == "insert":
            next_key += 1
            statements.append(f"INSERT INTO {{t}} VALUES ({next_key}, {rng.randint(0, 9)})")
        elif action == "update":
            statements.append(f"UPDATE {{t}} SET n = n + 10 WHERE id = {rng.choice([1, 2, 3, next_key])}")
        elif action == "delete":
            statements.append(f"DELETE FROM {{t}} WHERE id = {rng.choice([1, 2, 3, next_key])}")
        elif action == "read":
            statements.append("SELECT * FROM {t} ORDER BY id")
        elif action == "savepoint" and depth < DEPTH:
            depth += 1
            names.append(f"s{len(statements)}")
            statements.append(f"SAVEPOINT {names[-1]}")
        elif action == "rollback" and names:
            keep = rng.randint(1, len(names))
            statements.append(f"ROLLBACK TO SAVEPOINT {names[keep - 1]}")
            names = names[:keep]
            depth = keep
        elif action == "release" and names:
            keep = rng.randint(1, len(names))
            statements.append(f"RELEASE SAVEPOINT {names[keep - 1]}")
            names = names[:keep - 1]
            depth = keep - 1
    return statements


def rows(cursor, table):
    cursor.execute(f"SELECT id, n FROM {table} ORDER BY id")
    return cursor.fetchall()


def play(cursor, table, statements):
    """Runs the transaction; what its reads showed, or the error that ended it."""
    seen = []
    cursor.execute("BEGIN")
    try:
        for statement in statements:
            cursor.execute(statement.format(t=table))
            if statement.startswith("SELECT"):
                seen.append([row[:2] for row in cursor.fetchall()])
            elif cursor.rowcount >= 0:
                seen.append(cursor.rowcount)
        cursor.execute("COMMIT")
    except psycopg2.Error as error:
        cursor.execute("ROLLBACK")
        return None, error
    return seen, None


@pytest.mark.parametrize("seed", range(60))
def test_generated(cluster, connect, seed):
    session = connect()
    statements = generate(seed)
    with session.cursor() as cursor:
        for table in ("sp_plain", "sp_kalam"):
            cursor.execute(f"DELETE FROM {table}")
            cursor.execute(f"INSERT INTO {table} VALUES (1, 1), (2, 2), (3, 3)")
        before = rows(cursor, "sp_kalam")
        want, _ = play(cursor, "sp_plain", statements)
        got, error = play(cursor, "sp_kalam", statements)
        if error is not None:
            assert rows(cursor, "sp_kalam") == before, (statements, error)
            pytest.fail(f"refused what it could do: {error}\n{statements}")
        assert got == want, statements
        assert rows(cursor, "sp_kalam") == rows(cursor, "sp_plain"), statements


def test_exception_block_undoes_its_own_writes_only(connect):
    session = connect()
    with session.cursor() as cursor:
        cursor.execute("DELETE FROM sp_kalam")
        cursor.execute("""
            DO $$ BEGIN
                INSERT INTO sp_kalam VALUES (10, 1);
                BEGIN
                    INSERT INTO sp_kalam VALUES (11, 1);
                    RAISE EXCEPTION 'undo';
                EXCEPTION WHEN raise_exception THEN
                    INSERT INTO sp_kalam VALUES (12, 1);
                END;
            END $$""")
        assert rows(cursor, "sp_kalam") == [(10, 1), (12, 1)]


def test_exception_when_unique_violation(connect):
    session = connect()
    with session.cursor() as cursor:
        cursor.execute("DELETE FROM sp_kalam")
        cursor.execute("INSERT INTO sp_kalam VALUES (20, 1)")
        cursor.execute("""
            DO $$ BEGIN
                BEGIN
                    INSERT INTO sp_kalam VALUES (20, 2);
                EXCEPTION WHEN unique_violation THEN
                    UPDATE sp_kalam SET n = 3 WHERE id = 20;
                END;
            END $$""")
        assert rows(cursor, "sp_kalam") == [(20, 3)]
