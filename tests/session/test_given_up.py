"""Calls that are given up in a transaction, with one slot a backend and with the usual four: what they may have done on the server is
undone behind them, soon, or a WARNING says that this is not certain. The server stalls calls, and carries them out all the same
when nobody waits any more, as KalamDB may.
"""
import os
import pathlib
import signal
import time

import psycopg2
import pytest

from conftest import TARGET, Cluster, wait_for
from faults import Faults

pytestmark = pytest.mark.skipif(TARGET is not None, reason="needs a server that can be told to stall")


@pytest.fixture(scope="module", params=[1, 4], ids=["one_slot", "four_slots"])
def cluster(request):
    made = Cluster(conf=[f"kalam.slots_per_backend = {request.param}"], devserver_args=["--allow-faults"])
    made.sql("CREATE SCHEMA up")
    made.sql("CREATE TABLE up.there (id bigint PRIMARY KEY, n int NOT NULL) USING kalamdb")
    yield made
    assert not made.destroy()


@pytest.fixture
def faults(cluster):
    made = Faults(cluster.kalam_port)
    yield made
    made.clear()


def remote_tables(cluster):
    return [row[0] for row in cluster.sql(
        "SELECT t ->> 'table_name' FROM json_array_elements(kalam_exec("
        "'SELECT table_name FROM system.tables WHERE namespace_id = ''up'' ORDER BY table_name')::json) t")]


def execute(session, *statements):
    with session.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def seconds_until_cancelled(session, statement):
    started = time.monotonic()
    with pytest.raises(psycopg2.errors.QueryCanceled):
        execute(session, statement)
    return time.monotonic() - started


def test_a_staged_write(cluster, connect, faults):
    """Its remote transaction is rolled back."""
    session = connect(autocommit=False, statement_timeout="300ms")
    execute(session, "INSERT INTO up.there VALUES (1, 1)")
    faults.add(method="Insert", delay_ms=1500)
    assert seconds_until_cancelled(session, "SELECT * FROM up.there") < 5  # which must see the row
    wait_for(lambda: cluster.sql("SELECT kalam_exec('SELECT transaction_id FROM system.transactions')") == [("[]",)],
             what="no transaction is open on the server")
    assert cluster.sql("SELECT count(*) FROM up.there") == [(0,)]


@pytest.mark.parametrize("savepoint", [False, True])
def test_a_create_that_ends_late(cluster, connect, faults, savepoint):
    """It is not overtaken by its DROP."""
    session = connect(autocommit=False, statement_timeout="100ms")
    execute(session, "SELECT kalam_exec('SELECT 1')", *["SAVEPOINT s"] * savepoint)
    faults.add(method="ExecuteSql", delay_ms=300)
    seconds_until_cancelled(session, "CREATE TABLE up.late (id bigint PRIMARY KEY) USING kalamdb")
    execute(session, "ROLLBACK TO s" if savepoint else "ROLLBACK")
    assert remote_tables(cluster) == ["there"]
    assert session.notices == []
    if savepoint:
        execute(session, "RESET statement_timeout", "CREATE TABLE up.late (id bigint PRIMARY KEY) USING kalamdb", "COMMIT")
        execute(session, "DROP TABLE up.late", "COMMIT")


def test_a_create_that_hangs(cluster, connect, faults):
    session = connect(autocommit=False, statement_timeout="500ms")
    execute(session, "CREATE TABLE up.a (id bigint PRIMARY KEY) USING kalamdb")
    faults.add(method="ExecuteSql", delay_ms=9000)
    assert seconds_until_cancelled(session, "CREATE TABLE up.b (id bigint PRIMARY KEY) USING kalamdb") < 4
    told = "".join(session.notices)
    assert "was undone is not known" in told and "DROP TABLE IF EXISTS up.b" in told
    wait_for(lambda: "a" not in remote_tables(cluster), what="what was certainly done is undone")
    faults.clear()  # now it comes after its DROP
    wait_for(lambda: "b" in remote_tables(cluster))
    cluster.sql("SELECT kalam_exec('DROP TABLE IF EXISTS up.b')")


def test_a_session_that_ends(cluster, faults):
    """More to undo than there are slots; the first call of the session is what must be undone."""
    session = cluster.connect(autocommit=False)
    execute(session, "ALTER TABLE up.there ALTER COLUMN n DROP NOT NULL",
            *[f"CREATE TABLE up.t{i} (id bigint PRIMARY KEY) USING kalamdb" for i in range(6)])
    session.close()
    wait_for(lambda: remote_tables(cluster) == ["there"], what="the tables are dropped")
    nullable = ("SELECT kalam_exec('SELECT nullable FROM system.columns WHERE namespace_id = ''up'' AND table_name = ''there'' "
                "AND column_name = ''n''')::json -> 0 ->> 'nullable'")
    wait_for(lambda: cluster.sql(nullable) == [("false",)], what="the column is NOT NULL again")


def test_a_refusal_while_aborting(cluster, connect, faults):
    """An abort looks for no other node of the cluster: that takes catalogs, and up to ten seconds."""
    session = connect(autocommit=False)
    execute(session, "CREATE TABLE up.refused (id bigint PRIMARY KEY) USING kalamdb")
    faults.add(method="ExecuteSql", refuse=(13, "No leader known for group"), count=0)
    started = time.monotonic()
    session.rollback()
    assert time.monotonic() - started < 5
    assert "could not undo" in "".join(session.notices) and "No leader known" in "".join(session.notices)
    faults.clear()
    cluster.sql("SELECT kalam_exec('DROP TABLE up.refused')")


def test_no_worker_while_aborting(cluster, connect):
    """It may be away for longer than an abort can wait."""
    session = connect(autocommit=False, **{"kalam.worker_start_timeout": "10min"})
    execute(session, "CREATE TABLE up.stays (id bigint PRIMARY KEY) USING kalamdb")
    library = next(pathlib.Path(cluster.dir).rglob("pg_kalam_worker.so"))
    away = library.rename(library.with_suffix(".away"))
    try:
        os.kill(cluster.worker_pid(), signal.SIGTERM)
        wait_for(lambda: cluster.sql("SELECT state FROM kalam_status()") == [("stopped",)], what="no worker runs")
        started = time.monotonic()
        session.rollback()
        assert time.monotonic() - started < 5
        assert "DROP TABLE IF EXISTS up.stays" in "".join(session.notices)
    finally:
        away.rename(library)
    wait_for(lambda: cluster.sql("SELECT kalam_wait_until_ready(10)") == [(True,)], 30, "the worker is back")
    cluster.sql("SELECT kalam_exec('DROP TABLE IF EXISTS up.stays')")
