"""RETURNING outside transaction blocks: what is asked for does not change how the rows travel, so tables that KalamDB takes into no
transaction (no key, a key of another name) have it too; _seq is there where the statement is one row, NULL where commit decides it."""
import pytest


@pytest.fixture(scope="module", autouse=True)
def tables(cluster):
    cluster.sql("CREATE TABLE returning_id (id bigint PRIMARY KEY, n int) USING kalamdb")
    cluster.sql("CREATE TABLE returning_sku (sku text PRIMARY KEY, n int) USING kalamdb")
    cluster.sql("CREATE TABLE returning_events (v text) USING kalamdb WITH (type = 'stream', ttl_seconds = 600)")


@pytest.mark.parametrize("table, first, second", [
    ("returning_id", "1", "2"), ("returning_sku", "'a'", "'b'"), ("returning_events", "'a'", "'b'")])
def test_several_rows(cluster, table, first, second):
    values = f"({first}), ({second})"
    column = {"returning_id": "id", "returning_sku": "sku", "returning_events": "v"}[table]
    rows = cluster.sql(f"INSERT INTO {table} ({column}) VALUES {values} RETURNING *", **{"kalam.user_id": "alice"})
    assert [repr(row[0]) for row in rows] == [first, second]
    assert [row[-1] for row in rows] == [None, None], "_seq is not known before commit"
    assert cluster.sql(f"SELECT count(*) FROM {table}", **{"kalam.user_id": "alice"}) == [(2,)]


def test_one_row_with_an_expression_beside_seq(cluster):
    """An expression could fail after the row is stored, so the row waits for the end of the statement."""
    assert cluster.sql("INSERT INTO returning_sku VALUES ('c', 3) RETURNING _seq, n + 1") == [(None, 4)]
    assert cluster.sql("SELECT n, _seq > 0 FROM returning_sku WHERE sku = 'c'") == [(3, True)]


def test_one_row_has_its_version(cluster):
    returned = cluster.sql("INSERT INTO returning_sku VALUES ('d', 4) RETURNING _seq")
    assert returned == cluster.sql("SELECT _seq FROM returning_sku WHERE sku = 'd'")
    assert returned[0][0] > 0


def test_conflicts(cluster):
    assert cluster.sql("INSERT INTO returning_sku VALUES ('d', 5) ON CONFLICT DO NOTHING RETURNING *") == []
    rows = cluster.sql("INSERT INTO returning_sku VALUES ('e', 5) ON CONFLICT DO NOTHING RETURNING *")
    assert rows == cluster.sql("SELECT * FROM returning_sku WHERE sku = 'e'")
