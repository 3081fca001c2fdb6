"""Rows inserted in a transaction block wait for its end, as long as nothing asks for them: what they cost in calls, when they leave
earlier, and that nobody can tell by what is stored."""
import psycopg2
import pytest

from calls import calls_of

MIB = 1024 * 1024


@pytest.fixture(scope="module", autouse=True)
def tables(cluster):
    cluster.sql("CREATE TABLE held (id bigint PRIMARY KEY, body text) USING kalamdb WITH (type = 'shared')")
    cluster.sql("CREATE TABLE held_too (id bigint PRIMARY KEY, body text) USING kalamdb WITH (type = 'shared')")
    cluster.sql("CREATE TABLE held_keyed (sku text PRIMARY KEY, n int) USING kalamdb WITH (type = 'shared')")
    cluster.sql("CREATE TABLE held_events (kind text, body text) USING kalamdb WITH (type = 'stream', ttl_seconds = 600)")
    cluster.sql("CREATE TABLE held_local (id bigint PRIMARY KEY)")


@pytest.fixture(autouse=True)
def empty(cluster):
    for table in ("held", "held_too", "held_keyed", "held_local"):
        cluster.sql(f"DELETE FROM {table}")


@pytest.fixture
def block(connect):
    """A cursor in a transaction block."""
    session = connect(autocommit=False)
    with session.cursor() as cursor:
        yield cursor


def ids(cluster, table="held"):
    return [row[0] for row in cluster.sql(f"SELECT {'sku' if table == 'held_keyed' else 'id'} FROM {table} ORDER BY 1")]


def one(first, table="held"):
    return f"INSERT INTO {table} VALUES ({first}, 'row')"


TEN = [one(i) for i in range(10)]


@pytest.mark.parametrize("statements, calls", [
    (TEN, {"Insert": 1}),
    ([*TEN, "SELECT count(*) FROM held_local", "INSERT INTO held_local VALUES (1)"], {"Insert": 1}),
    (["SELECT id FROM held_too WHERE id = 1", *TEN], {"Scan": 1, "Insert": 1}),
    ([*TEN, "SELECT id FROM held_too WHERE id = 1"], {"Scan": 1, "Insert": 1}),
    ([*TEN, "SELECT id FROM held WHERE id = 1", one(20), one(21)],
     {"BeginTransaction": 1, "Insert": 2, "Scan": 1, "CommitTransaction": 1}),
    ([one(1), one(1, "held_too"), one(2), one(2, "held_too")], {"BeginTransaction": 1, "Insert": 2, "CommitTransaction": 1}),
    ([one(1), "UPDATE held SET body = 'new' WHERE id = 1", one(2), one(3)],
     {"BeginTransaction": 1, "Insert": 2, "Scan": 1, "Update": 1, "CommitTransaction": 1}),
    ([one(1), "COMMIT AND CHAIN", "UPDATE held SET body = 'new' WHERE id = 1"], {"Insert": 1, "Scan": 1, "Update": 1}),
    ([one(1), "COMMIT AND CHAIN", "DELETE FROM held WHERE id = 1"], {"Insert": 1, "Scan": 1, "Delete": 1}),
    ([one(1), "COMMIT AND CHAIN", "DELETE FROM held WHERE id = 1", "SELECT id FROM held_too WHERE id = 1"],
     {"Insert": 1, "Scan": 2, "Delete": 1}),
    ([one(1), "COMMIT AND CHAIN", "UPDATE held SET body = 'new' WHERE id = 1", one(2), one(3)],
     {"Insert": 2, "Scan": 1, "BeginTransaction": 1, "Update": 1, "CommitTransaction": 1}),
    (["INSERT INTO held_keyed VALUES ('a', 1)", "INSERT INTO held_keyed VALUES ('b', 2)"], {"Insert": 1}),
    ([one(1), "SAVEPOINT s", "RELEASE s", one(2)], {"Insert": 1}),
    ([one(1) + " RETURNING id, body", one(2) + " RETURNING *"], {"Insert": 1}),
    (["PREPARE p (bigint) AS INSERT INTO held VALUES ($1, 'row')", *[f"EXECUTE p({i})" for i in range(8)]], {"Insert": 1}),
    ([one(1), "INSERT INTO held VALUES (1, 'row') ON CONFLICT DO NOTHING", one(2)],
     {"BeginTransaction": 1, "Insert": 2, "Scan": 1, "CommitTransaction": 1}),
])
def test_calls_of_a_block(cluster, block, statements, calls):
    def run():
        for statement in statements:
            block.execute(statement)
        block.connection.commit()

    assert calls_of(cluster, run) == calls


def test_rolled_back_rows_cost_nothing(cluster, block):
    def run():
        for statement in TEN:
            block.execute(statement)
        block.connection.rollback()

    assert calls_of(cluster, run) == {}
    assert ids(cluster) == []


def test_rows_of_several_tables_are_all_stored(cluster, block):
    for statement in [one(1), one(1, "held_too"), one(2), "INSERT INTO held_local VALUES (1)", one(2, "held_too"), one(3)]:
        block.execute(statement)
    assert ids(cluster) == []
    block.connection.commit()
    assert (ids(cluster), ids(cluster, "held_too"), ids(cluster, "held_local")) == ([1, 2, 3], [1, 2], [1])


def test_changed_row_is_seen_by_the_transaction_alone(cluster, block):
    cluster.sql(one(1))
    block.execute("UPDATE held SET body = 'new' WHERE id = 1")
    assert cluster.sql("SELECT body FROM held") == [("row",)]
    block.execute("SELECT body FROM held WHERE id = 1")
    assert block.fetchone() == ("new",)
    block.connection.commit()
    assert cluster.sql("SELECT body FROM held") == [("new",)]


@pytest.mark.parametrize("change", ["UPDATE held SET body = 'new' WHERE id = 1", "DELETE FROM held WHERE id = 1"])
def test_row_that_goes_before_commit(cluster, block, change):
    cluster.sql(one(1))
    block.execute(change)
    assert block.rowcount == 1
    cluster.sql("DELETE FROM held WHERE id = 1")
    with pytest.raises(psycopg2.Error) as error:
        block.connection.commit()
    assert error.value.pgcode == "40001"


def test_own_rows_are_seen(block):
    block.execute(one(1))
    block.execute(one(1, "held_too"))
    block.execute("SELECT count(*) FROM held JOIN held_too USING (id)")
    assert block.fetchone() == (1,)
    block.execute(one(2))
    block.execute("SELECT array_agg(id ORDER BY id) FROM held")
    assert block.fetchone() == ([1, 2],)


def test_duplicate_among_held_rows_fails_at_commit(cluster, block):
    block.execute(one(1))
    block.execute("INSERT INTO held_local VALUES (1)")
    block.execute(one(1))
    with pytest.raises(psycopg2.Error) as error:
        block.connection.commit()
    assert error.value.pgcode == "23505"
    assert (ids(cluster), ids(cluster, "held_local")) == ([], [])


def test_savepoint_takes_back_only_its_rows(cluster, block):
    for statement in [one(1), "SAVEPOINT s", one(2), "ROLLBACK TO s", one(3)]:
        block.execute(statement)
    block.connection.commit()
    assert ids(cluster) == [1, 3]


def test_error_in_a_block_keeps_nothing(cluster, block):
    block.execute(one(1))
    with pytest.raises(psycopg2.Error):
        block.execute("SELECT 1 / 0")
    block.connection.commit()
    assert ids(cluster) == []


def test_more_than_one_request_holds(cluster, block):
    for start in (1, 4001):
        block.execute("INSERT INTO held SELECT g, repeat('x', 1000) FROM generate_series(%s, %s) g", (start, start + 3999))
    block.connection.commit()
    assert cluster.sql("SELECT count(*), sum(length(body)) FROM held") == [(8000, 8000 * 1000)]


def test_many_small_inserts(cluster, block):
    block.execute("DO $$ BEGIN FOR i IN 1 .. 3000 LOOP INSERT INTO held VALUES (i, 'x'); END LOOP; END $$")
    assert calls_of(cluster, block.connection.commit) == {"Insert": 1}
    assert len(ids(cluster)) == 3000


def test_memory_of_many_small_inserts(block):
    def used():
        block.execute("SELECT sum(total_bytes) FROM pg_backend_memory_contexts")
        return block.fetchone()[0]

    block.execute(one(0))
    before = used()
    block.execute("DO $$ BEGIN FOR i IN 1 .. 10000 LOOP INSERT INTO held VALUES (i, 'x'); END LOOP; END $$")
    assert used() - before < 2 * MIB  # the rows have a third of a MiB


@pytest.mark.parametrize("column", ["n int DEFAULT 5", "n int NOT NULL DEFAULT 5", "n numeric(5,2) NOT NULL DEFAULT 5"])
@pytest.mark.parametrize("before", [[], [2]])
def test_new_column_has_its_default_in_held_rows(cluster, block, column, before):
    """The server's DDL does not see them, also where they are the table's only rows."""
    block.execute("CREATE TABLE held_altered (id bigint PRIMARY KEY) USING kalamdb WITH (type = 'shared')")
    block.execute("INSERT INTO held_altered SELECT unnest(%s::bigint[])", (before,))
    block.connection.commit()
    block.execute("INSERT INTO held_altered VALUES (1)")
    block.execute(f"ALTER TABLE held_altered ADD COLUMN {column}")
    block.execute("INSERT INTO held_altered VALUES (3)")
    block.connection.commit()
    assert cluster.sql("SELECT id, n::int FROM held_altered ORDER BY id") == [(key, 5) for key in sorted([1, 3, *before])]
    cluster.sql("DROP TABLE held_altered")


def test_too_many_staged_rows_to_be_filled(cluster, block):
    """The transaction would have to be staged again, so that it sees what the column is filled with."""
    block.execute("CREATE TABLE held_altered (id bigint PRIMARY KEY, t text) USING kalamdb WITH (type = 'shared')")
    block.execute("SET LOCAL kalam.savepoint_journal_limit = '1kB'")
    block.execute("INSERT INTO held_altered VALUES (1, repeat('x', 2000))")
    with pytest.raises(psycopg2.Error) as error:
        block.execute("ALTER TABLE held_altered ADD COLUMN n int DEFAULT 5")
    assert error.value.pgcode == "55000"
    block.connection.rollback()


def test_keys_of_another_name_cannot_be_staged(cluster, block):
    block.execute("INSERT INTO held_keyed VALUES ('a', 1)")
    with pytest.raises(psycopg2.Error) as error:
        block.execute(one(1))
    assert error.value.pgcode == "0A000"
    assert "held_keyed" in str(error.value)
    block.connection.rollback()
    assert (ids(cluster), ids(cluster, "held_keyed")) == ([], [])


def test_keys_of_another_name_are_refused_at_once_where_a_transaction_is_open(cluster, block):
    block.execute(one(1))
    block.execute("SELECT count(*) FROM held")
    with pytest.raises(psycopg2.Error) as error:
        block.execute("INSERT INTO held_keyed VALUES ('a', 1)")
    assert error.value.pgcode == "0A000"


def test_streams_do_not_wait(cluster, connect):
    session = connect(autocommit=False, **{"kalam.user_id": "alice"})
    with session.cursor() as cursor, pytest.raises(psycopg2.Error) as error:
        cursor.execute("INSERT INTO held_events VALUES ('a', 'b')")
    assert error.value.pgcode == "0A000"


def test_snapshot_of_repeatable_read_begins_with_the_first_insert(connect, block):
    block.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
    block.execute(one(1))
    with connect().cursor() as other:
        other.execute(one(2))
    block.execute("SELECT array_agg(id) FROM held")
    assert block.fetchone() == ([1],)
