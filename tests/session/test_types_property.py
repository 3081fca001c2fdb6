"""Random values of every type: ten thousand rows written through PostgreSQL and read back, equal to the last bit; the same
after UPDATE, in a transaction of several statements, and as the server's own SQL shows them.

The values are made into a local table first (PostgreSQL reads their texts), and everything is compared with that table by
PostgreSQL's comparison of images, which tells 0 from -0 and 1.0 from 1.00.
"""
import io
import json
import os
import random

import pytest

from random_values import COLUMNS, row

ROWS = 10_000
SEED = int(os.environ.get("KALAM_SEED", "20240229"))
NAMES = ", ".join(name for name, *_ in COLUMNS)


def copy_text(value):
    if value is None:
        return "\\N"
    escaped = value.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r")
    return escaped


@pytest.fixture(scope="module", autouse=True)
def tables(cluster):
    numbers = random.Random(SEED)
    print(f"KALAM_SEED={SEED}")
    connection = cluster.connect()
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA property")
        cursor.execute("CREATE TYPE property.mood AS ENUM ('sad', 'it''s \"so\"', '☃')")
        cursor.execute("CREATE DOMAIN property.price AS numeric(12,2)")
        local = ", ".join(f"{name} {local_type}" for name, _, local_type, _ in COLUMNS)
        cursor.execute(f"CREATE TABLE property.expected (id int PRIMARY KEY, {local})")
        lines = ("\t".join(copy_text(value) for value in row(numbers, key)) + "\n" for key in range(ROWS))
        cursor.copy_expert("COPY property.expected FROM STDIN", io.StringIO("".join(lines)))
        for table in ("stored", "staged"):
            remote = ", ".join(f"{name} {remote_type}" for name, remote_type, _, _ in COLUMNS)
            cursor.execute(f"CREATE TABLE property.{table} (id int PRIMARY KEY, {remote}) USING kalamdb WITH (type = 'shared')")
    connection.close()


def differences(connection, table, where="true"):
    """The ids whose rows differ, and the columns of the first of them."""
    sides = [f"(SELECT x.id, x AS image FROM (SELECT id, {NAMES} FROM property.{name} WHERE {where}) x)"
             for name in ("expected", table)]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM {sides[0]} a FULL JOIN {sides[1]} b USING (id)"
                       " WHERE a.image IS NULL OR b.image IS NULL OR NOT a.image *= b.image ORDER BY id")
        ids = [found for found, in cursor.fetchall()]
        if not ids:
            return []
        shown = {}
        for name in ("expected", table):
            cursor.execute(f"SELECT {', '.join(f'{column}::text' for column, *_ in COLUMNS)} FROM property.{name} WHERE id = {ids[0]}")
            shown[name] = cursor.fetchone() or [None] * len(COLUMNS)
        wrong = [(column[0], a, b) for column, a, b in zip(COLUMNS, shown["expected"], shown[table]) if a != b]
        return [len(ids), ids[:5], wrong]


def test_rows_of_one_statement_come_back_equal(connect):
    connection = connect()
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO property.stored (id, {NAMES}) SELECT id, {NAMES} FROM property.expected")
        assert cursor.rowcount == ROWS
    assert differences(connect(), "stored") == []


def test_rows_of_a_transaction_come_back_equal(connect):
    """Staged inserts beside an update: the server then stores rows as they were sent."""
    connection = connect(autocommit=False)
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO property.staged (id, {NAMES}) SELECT id, {NAMES} FROM property.expected WHERE id < 500")
        cursor.execute("UPDATE property.staged SET c_text = c_text WHERE id = 0")
    assert differences(connection, "staged", "id < 500") == []
    connection.commit()
    assert differences(connect(), "staged", "id < 500") == []


def test_updated_rows_come_back_equal(connect):
    connection = connect()
    changes = ", ".join(f"{name} = e.{name}" for name, *_ in COLUMNS)
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO property.staged (id) SELECT generate_series(500, 999)")
        cursor.execute(f"UPDATE property.staged SET {changes} FROM property.expected e WHERE staged.id = e.id AND e.id BETWEEN 500 AND 999")
        assert cursor.rowcount == 500
    assert differences(connect(), "staged", "id BETWEEN 500 AND 999") == []


# What the server's SQL shows as JSON that PostgreSQL reads back as the same value: column -> the type to read it as.
COMPARED_BY_SQL = {name: "text" if name == "c_json" else local_type for name, _, local_type, _ in COLUMNS if name in (
    "c_boolean", "c_smallint", "c_integer", "c_bigint", "c_double", "c_text", "c_varchar", "c_enum", "c_json", "c_uuid",
    "c_numeric", "c_numeric38", "c_numeric0", "c_bytea", "c_texts", "c_inet")}


def test_the_servers_own_sql_shows_the_same(connect):
    query = f"SELECT id, {', '.join(COMPARED_BY_SQL)} FROM property.stored WHERE id < 500 ORDER BY id LIMIT 1000"
    definitions = ", ".join(f"{name} {read_as}" for name, read_as in COMPARED_BY_SQL.items())
    with connect().cursor() as cursor:
        cursor.execute("SELECT kalam_exec(%s)", (query,))
        shown = cursor.fetchone()[0]
        assert len(json.loads(shown)) == 500
        for name in COMPARED_BY_SQL:
            cursor.execute(
                f"SELECT id, s.{name}::text, e.{name}::text"
                f" FROM jsonb_to_recordset(%s::jsonb) AS s (id int, {definitions}) JOIN property.expected e USING (id)"
                f" WHERE s.{name}::text IS DISTINCT FROM e.{name}::text LIMIT 3", (shown,))
            assert (name, cursor.fetchall()) == (name, [])
