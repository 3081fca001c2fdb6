"""Writes that leave before the end of the transaction, because the statement is all of it: nothing that comes after may take them
back, so nothing that comes after may fail without saying so."""
import psycopg2
import pytest

from faults import Faults

DEVSERVER_ARGS = ["--allow-faults"]

INTERNAL = 13  # of gRPC


@pytest.fixture(scope="module", autouse=True)
def tables(cluster):
    cluster.sql("CREATE TABLE sent (id bigint PRIMARY KEY, t text) USING kalamdb")
    cluster.sql("INSERT INTO sent VALUES (1, 'a'), (2, 'b')")
    cluster.sql("CREATE TABLE parted (id bigint, t text, _seq bigint) PARTITION BY RANGE (id)")
    cluster.sql("CREATE TABLE parted_kalam (id bigint PRIMARY KEY, t text) USING kalamdb")
    cluster.sql("ALTER TABLE parted ATTACH PARTITION parted_kalam FOR VALUES FROM (0) TO (1000)")
    cluster.sql("INSERT INTO parted VALUES (1, 'a'), (2, 'b')")


@pytest.fixture
def faults(cluster):
    cluster.server_pid()  # skips where the server is not our own
    service = Faults(cluster.kalam_port)
    yield service
    service.clear()


def stored(cluster, key, table="sent"):
    return cluster.sql(f"SELECT t FROM {table} WHERE id = %s", key)


# Of an UPDATE the first Scan reads the row, and the second one asks for its version.
STATEMENTS = [
    (0, "INSERT INTO sent VALUES ({key}, 'new') RETURNING _seq"),
    (0, "INSERT INTO sent VALUES ({key}, 'new') ON CONFLICT DO NOTHING RETURNING _seq"),
    (1, "UPDATE sent SET t = 'new' WHERE id = {key} RETURNING _seq"),
]


@pytest.mark.parametrize("case", range(len(STATEMENTS)))
def test_version_that_the_server_does_not_tell(cluster, faults, case):
    skip, statement = STATEMENTS[case]
    key = 2 if skip else 100 + case
    faults.add(method="Scan", skip=skip, refuse=(INTERNAL, "out of order"))
    assert cluster.sql(statement.format(key=key)) == [(None,)]
    assert stored(cluster, key) == [("new",)]


@pytest.mark.parametrize("case", range(len(STATEMENTS)))
def test_timeout_while_the_version_is_asked_for(cluster, connect, faults, case):
    skip, statement = STATEMENTS[case]
    key = 1 if skip else 200 + case
    faults.add(method="Scan", skip=skip, delay_ms=60_000)
    session = connect(statement_timeout="500ms")
    with session.cursor() as cursor, pytest.raises(psycopg2.errors.QueryCanceled) as error:
        cursor.execute(statement.format(key=key))
    assert "the row is stored on KalamDB server" in error.value.diag.context
    faults.clear()
    assert stored(cluster, key) == [("new",)]


@pytest.mark.parametrize("statement", [
    "INSERT INTO parted VALUES (50, 'x') ON CONFLICT DO NOTHING",
    "UPDATE parted SET t = 'changed' WHERE id = 1",
    "UPDATE parted SET t = 'changed' WHERE id = 1 RETURNING _seq",
    "UPDATE parted SET t = 'changed' WHERE id = 1 RETURNING id",
    "DELETE FROM parted WHERE id = 1"])
def test_a_statement_trigger_of_the_partition_root_may_still_fail(cluster, statement):
    cluster.sql("CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'not today'; END $$")
    cluster.sql("CREATE TRIGGER refuse AFTER INSERT OR UPDATE OR DELETE ON parted FOR EACH STATEMENT EXECUTE FUNCTION refuse()")
    try:
        with pytest.raises(psycopg2.errors.RaiseException):
            cluster.sql(statement)
    finally:
        cluster.sql("DROP TRIGGER refuse ON parted")
    assert cluster.sql("SELECT id, t FROM parted_kalam ORDER BY id") == [(1, "a"), (2, "b")]


def test_a_character_that_the_client_cannot_show(cluster):
    """The value is spelt in ASCII and returned as a character that LATIN1 does not have."""
    for statement in (r"INSERT INTO sent VALUES (300, U&'\20AC') RETURNING _seq, t",
                      r"INSERT INTO sent VALUES (300, U&'\20AC') ON CONFLICT DO NOTHING RETURNING t"):
        with pytest.raises(psycopg2.errors.UntranslatableCharacter):
            cluster.sql(statement, client_encoding="LATIN1")
        assert stored(cluster, 300) == []
    assert cluster.sql("INSERT INTO sent VALUES (301, 'x') RETURNING _seq > 0, id", client_encoding="LATIN1") == [(None, 301)]
    returned = cluster.sql("INSERT INTO sent VALUES (302, 'x') RETURNING id, _seq", client_encoding="LATIN1")
    assert returned[0][1] is not None


@pytest.mark.parametrize("statement", [
    "UPDATE sent SET t = 'late' WHERE id = 1", "DELETE FROM sent WHERE id = 1",
    "INSERT INTO sent VALUES (400, 'late') ON CONFLICT DO NOTHING", "INSERT INTO sent VALUES (401, 'late') RETURNING _seq",
    "INSERT INTO sent VALUES (402, 'late')"])
def test_timeout_of_a_write_says_that_its_outcome_is_not_known(connect, faults, statement):
    for method in ("Insert", "Update", "Delete"):
        faults.add(method=method, delay_ms=60_000)
    session = connect(statement_timeout="500ms")
    with session.cursor() as cursor, pytest.raises(psycopg2.errors.QueryCanceled) as error:
        cursor.execute(statement)
    assert "were committed is not known" in error.value.diag.context
