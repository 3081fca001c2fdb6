"""Writes that leave before the end of the transaction, because the statement is all of it: nothing that comes after may take them
back, so nothing that comes after may fail without saying so."""
import psycopg2
import pytest

from faults import Faults

DEVSERVER_ARGS = ["--allow-faults"]


@pytest.fixture(scope="module", autouse=True)
def tables(cluster):
    cluster.sql("CREATE TABLE sent (id bigint PRIMARY KEY, t text) USING kalamdb")
    cluster.sql("INSERT INTO sent VALUES (1, 'a'), (2, 'b')")


@pytest.fixture
def faults(cluster):
    cluster.server_pid()  # skips where the server is not our own
    service = Faults(cluster.kalam_port)
    yield service
    service.clear()


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
