"""A cluster of two: the server that the options name follows, another one leads. Calls find the leader by themselves.

Both are kalam-devservers with data of their own, and the first pretends to follow, so where a row is found tells who has
taken the call.
"""
import os
import signal
import time

import psycopg2
import pytest

from calls import calls_of
from conftest import TARGET, wait_for
from faults import Faults
from second_node import LEADER_API, Leader, free_port, states_of_links
from under_way import run_in_thread, waiting

pytestmark = pytest.mark.skipif(TARGET is not None, reason="needs servers of its own")

FOLLOWER_API = "http://127.0.0.1:18181"
INTERNAL = 13
UNAUTHENTICATED = 16
DEVSERVER_ARGS = ("--allow-faults", "--api-address", FOLLOWER_API)


@pytest.fixture(scope="module")
def leader(tmp_path_factory):
    made = Leader(tmp_path_factory.mktemp("leader") / "data")
    yield made
    made.kill()


@pytest.fixture(scope="module")
def follower(cluster):
    return Faults(cluster.kalam_port)


@pytest.fixture(scope="module", autouse=True)
def tables(cluster, leader):
    """Tables `led` and `owned` on both; `alone.led` and `alone.owned` are those of the leader, never routed."""
    cluster.sql("CREATE TABLE led (id bigint PRIMARY KEY, n int) USING kalamdb WITH (type = 'shared')")
    cluster.sql("CREATE TABLE owned (id bigint PRIMARY KEY, n int) USING kalamdb WITH (type = 'user')")
    cluster.sql(f"CREATE SERVER alone FOREIGN DATA WRAPPER pg_kalam OPTIONS (host 'localhost', port '{leader.port}',"
                " auth_header 'Bearer test-token')")
    for statement in ("CREATE NAMESPACE public",
                      "CREATE TABLE public.led (id BIGINT PRIMARY KEY, n INT) WITH (TYPE = ''SHARED'')",
                      "CREATE TABLE public.owned (id BIGINT PRIMARY KEY, n INT) WITH (TYPE = ''USER'')"):
        cluster.sql(f"SELECT kalam_exec('{statement}', 'alone')")
    cluster.sql("CREATE SCHEMA alone")
    cluster.sql("IMPORT FOREIGN SCHEMA public FROM SERVER alone INTO alone")


@pytest.fixture
def namesake(cluster, leader):
    """The leader once more, as a foreign server with the address that the follower names."""
    cluster.sql(f"CREATE SERVER namesake FOREIGN DATA WRAPPER pg_kalam OPTIONS (host '127.0.0.1', port '{leader.port}',"
                " auth_header 'Bearer test-token')")
    cluster.sql("CREATE SCHEMA namesake")
    cluster.sql("IMPORT FOREIGN SCHEMA public FROM SERVER namesake INTO namesake")
    yield
    cluster.sql("SET kalam.mirror_ddl = off; DROP SERVER namesake CASCADE; DROP SCHEMA namesake")


@pytest.fixture(autouse=True)
def roles(cluster, leader, follower):
    """At first one leads and the other follows; the leader has row 1."""
    leader.faults.clear()
    follower.clear()
    cluster.sql("DELETE FROM led")
    cluster.sql("DELETE FROM alone.led")
    cluster.sql("INSERT INTO alone.led VALUES (1, 10)")
    follower.set_leader(LEADER_API, leader.address)


@pytest.fixture
def session(connect):
    return connect(**{"kalam.user_id": "alice"})


def run(session, *statements):
    """The rows of the last statement."""
    with session.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
        return cursor.fetchall() if cursor.description else None


def at_leader(cluster, table="led"):
    return cluster.sql(f"SELECT id, n FROM alone.{table} ORDER BY id", **{"kalam.user_id": "alice"})


@pytest.mark.parametrize("question", ["SELECT id, n FROM led", "SELECT id, n FROM led WHERE id = 1",
                                      "SELECT id, n FROM led WHERE id IN (1, 2, 3)"])
def test_a_read_follows_the_leader(session, question):
    assert run(session, question) == [(1, 10)]


def test_a_statement_of_the_servers_own_follows_the_leader(session):
    assert run(session, "SELECT kalam_exec('SELECT id, n FROM public.led')") == [('[{"id":1,"n":10}]',)]


def test_the_leader_is_asked_at_once_the_next_time(cluster, session, follower):
    run(session, "SELECT * FROM led")
    follower.add(method="Scan", count=0, refuse=(INTERNAL, "asked again"))
    assert run(session, "SELECT id, n FROM led") == [(1, 10)]
    with pytest.raises(psycopg2.Error, match="asked again"):
        cluster.sql("SELECT * FROM led")  # a session that has not learned it


def test_leaders_differ_by_group(cluster, session, leader, follower):
    follower.set_leader(LEADER_API, leader.address, shared=False, users=True)
    run(session, "INSERT INTO led VALUES (7, 70)")
    assert run(session, "SELECT id, n FROM led") == [(7, 70)]
    run(session, "SELECT * FROM owned", "BEGIN", "INSERT INTO owned VALUES (2, 20)", "COMMIT")
    assert run(session, "SELECT id, n FROM owned") == [(2, 20)] == at_leader(cluster, "owned")
    assert run(session, "SELECT id, n FROM led") == [(7, 70)]


@pytest.mark.parametrize("level", ["READ COMMITTED", "REPEATABLE READ"])
def test_a_transaction_moves_to_the_leader(cluster, session, level):
    run(session, f"BEGIN ISOLATION LEVEL {level}")
    assert run(session, "SELECT id, n FROM led") == [(1, 10)]
    run(session, "INSERT INTO led VALUES (2, 20)", "UPDATE led SET n = 11 WHERE id = 1")
    assert run(session, "SELECT id, n FROM led ORDER BY id") == [(1, 11), (2, 20)]
    assert at_leader(cluster) == [(1, 10)]
    run(session, "COMMIT")
    assert at_leader(cluster) == [(1, 11), (2, 20)]


# REPEATABLE READ, here and below, has the first row staged at once, in a remote transaction.
def test_a_transaction_that_begins_with_a_write(cluster, session):
    run(session, "BEGIN ISOLATION LEVEL REPEATABLE READ", "INSERT INTO led VALUES (2, 20)", "COMMIT")
    assert at_leader(cluster) == [(1, 10), (2, 20)]
    run(session, "BEGIN ISOLATION LEVEL REPEATABLE READ", "INSERT INTO led VALUES (3, 30)", "ROLLBACK")
    assert at_leader(cluster) == [(1, 10), (2, 20)]
    assert cluster.sql("SELECT kalam_exec('SELECT transaction_id FROM system.transactions', 'alone')") == [("[]",)]


def test_two_servers_of_one_cluster_have_transactions_of_their_own(cluster, session, namesake):
    run(session, "BEGIN ISOLATION LEVEL REPEATABLE READ", "INSERT INTO led VALUES (2, 20)", "INSERT INTO namesake.led VALUES (3, 30)",
        "COMMIT")
    assert at_leader(cluster) == [(1, 10), (2, 20), (3, 30)]


def test_savepoints_are_staged_again_at_the_leader(cluster, session):
    run(session, "BEGIN ISOLATION LEVEL REPEATABLE READ", "INSERT INTO led VALUES (2, 20)", "SAVEPOINT a", "INSERT INTO led VALUES (3, 30)",
        "ROLLBACK TO a", "INSERT INTO led VALUES (4, 40)", "COMMIT")
    assert at_leader(cluster) == [(1, 10), (2, 20), (4, 40)]


def test_the_leader_changes_between_statements(cluster, session, leader, follower):
    assert run(session, "SELECT id, n FROM led") == [(1, 10)]
    follower.clear()
    leader.faults.set_leader("http://127.0.0.1:18181", f"127.0.0.1:{cluster.kalam_port}")
    assert run(session, "SELECT id, n FROM led") == []
    run(session, "BEGIN ISOLATION LEVEL REPEATABLE READ", "INSERT INTO led VALUES (5, 50)", "COMMIT")
    assert run(session, "SELECT id, n FROM led") == [(5, 50)]
    leader.faults.clear()
    follower.set_leader(LEADER_API, leader.address)
    assert run(session, "SELECT id, n FROM led") == [(1, 10)]


def test_the_leader_changes_within_a_transaction(cluster, session, leader, follower):
    run(session, "BEGIN ISOLATION LEVEL REPEATABLE READ", "INSERT INTO led VALUES (2, 20)")
    follower.clear()
    leader.faults.set_leader("http://127.0.0.1:18181", f"127.0.0.1:{cluster.kalam_port}")
    with pytest.raises(psycopg2.Error) as error:
        run(session, "INSERT INTO led VALUES (3, 30)")
    assert error.value.pgcode == "57P03"
    run(session, "ROLLBACK")
    leader.faults.clear()
    assert at_leader(cluster) == [(1, 10)]
    assert cluster.sql("SELECT id FROM led") == []


@pytest.mark.parametrize("words", ["Not leader for shard. Leader unknown", "Not leader for shard. Leader: None",
                                   "Not leader for group 200: leader is node None"])
def test_no_leader_for_a_while(session, leader, words):
    run(session, "SELECT * FROM led")
    hits = leader.faults.hits()
    leader.faults.add(method="Scan", count=3, refuse=(INTERNAL, words))
    assert run(session, "SELECT id, n FROM led") == [(1, 10)]
    assert leader.faults.hits() > hits


def test_a_dead_leader_is_named_for_a_while(cluster, session, leader, follower):
    follower.set_leader("http://127.0.0.1:18183", f"127.0.0.1:{free_port()}")
    thread, outcome = run_in_thread(session, "SELECT * FROM led")
    wait_for(lambda: waiting(cluster, session.info.backend_pid), 10, "the backend looks for the leader")
    follower.set_leader(LEADER_API, leader.address)
    thread.join(10)
    assert "code" not in outcome, outcome


def test_the_search_ends_with_the_servers_time_limit(cluster, session, follower):
    follower.set_leader("http://127.0.0.1:18183", f"127.0.0.1:{free_port()}")
    cluster.sql("ALTER SERVER kalam_server OPTIONS (ADD timeout '400')")
    try:
        began = time.monotonic()
        with pytest.raises(psycopg2.Error) as error:
            run(session, "SELECT * FROM led")
        assert error.value.pgcode == "57P03"
        assert "Try again" in str(error.value)
        assert 0.3 < time.monotonic() - began < 5
    finally:
        cluster.sql("ALTER SERVER kalam_server OPTIONS (DROP timeout)")


@pytest.mark.parametrize("statements", [["SELECT * FROM led"], ["BEGIN ISOLATION LEVEL REPEATABLE READ", "INSERT INTO led VALUES (9, 90)"]])
def test_cancel_while_the_leader_is_looked_for(cluster, session, leader, follower, statements):
    follower.set_leader("http://127.0.0.1:18183", f"127.0.0.1:{free_port()}")
    run(session, *statements[:-1])
    thread, outcome = run_in_thread(session, statements[-1])
    wait_for(lambda: waiting(cluster, session.info.backend_pid), 10, "the backend looks for the leader")
    asked = time.monotonic()
    cluster.sql("SELECT pg_cancel_backend(%s)", session.info.backend_pid)
    thread.join(10)
    assert outcome["code"] == "57014"
    assert outcome["ended"] - asked < 0.5
    run(session, "ROLLBACK")
    follower.set_leader(LEADER_API, leader.address)
    assert run(session, "SELECT id, n FROM led") == [(1, 10)]


def test_a_write_whose_outcome_is_unknown_is_not_sent_again(cluster, session, leader):
    run(session, "SELECT * FROM led")
    leader.faults.add(method="Update", run_first=True, close_connections=True)
    with pytest.raises(psycopg2.Error) as error:
        run(session, "UPDATE led SET n = n + 1 WHERE id = 1")
    assert error.value.pgcode == "08007", str(error.value)
    leader.faults.add(method="Insert", run_first=True, close_connections=True)
    with pytest.raises(psycopg2.Error) as error:
        run(session, "INSERT INTO led VALUES (2, 20)")
    assert error.value.pgcode == "08007", str(error.value)
    assert at_leader(cluster) == [(1, 11), (2, 20)]
    assert run(session, "SELECT id, n FROM led ORDER BY id") == [(1, 11), (2, 20)]


def test_a_read_whose_link_broke_is_asked_again(session, leader):
    run(session, "SELECT * FROM led")
    leader.faults.add(method="Scan", close_connections=True)
    assert run(session, "SELECT id, n FROM led") == [(1, 10)]


def test_the_other_node_takes_over_when_the_leader_dies(session, leader, follower):
    assert run(session, "SELECT id, n FROM led") == [(1, 10)]
    leader.kill()
    try:
        wait_for(lambda: not leader.has_links(), what="the worker has seen that the link is gone")
        thread, outcome = run_in_thread(session, "INSERT INTO led VALUES (6, 60)")
        follower.clear()
        thread.join(20)
        assert "code" not in outcome, outcome
        assert run(session, "SELECT id, n FROM led") == [(6, 60)]
    finally:
        leader.start()


def tell(leader, cluster):
    """Lets the leader's system.cluster list the configured node."""
    leader.faults.set_leader(FOLLOWER_API, f"127.0.0.1:{cluster.kalam_port}", shared=False, users=False)


def test_the_nodes_of_a_cluster_are_asked_for_once(cluster, connect):
    cluster.sql("SELECT * FROM led")
    assert calls_of(cluster, lambda: [run(connect(), "SELECT * FROM alone.led") for _ in range(3)]) == {"Scan": 3}


def test_a_leader_that_others_have_found_is_followed_without_a_question(session, connect, follower):
    """The named node may be slow to say who else belongs to the cluster while one of them is frozen."""
    run(session, "SELECT * FROM led")
    follower.add(method="ExecuteQuery", count=0, refuse=(INTERNAL, "asked for its nodes"))
    assert run(connect(), "SELECT id, n FROM led") == [(1, 10)]
    run(connect(), "BEGIN", "INSERT INTO led VALUES (2, 20)", "UPDATE led SET n = 11 WHERE id = 1", "COMMIT")
    assert run(session, "SELECT id, n FROM led ORDER BY id") == [(1, 11), (2, 20)]


def test_a_write_that_did_not_get_beyond_its_session_is_sent_elsewhere(cluster, leader, session, connect, follower):
    tell(leader, cluster)
    run(session, "SELECT * FROM led")
    follower.add(method="Insert", refuse=(UNAUTHENTICATED, "invalid or expired session"))
    follower.add(method="OpenSession", close_connections=True)
    run(connect(**{"kalam.user_id": "alice"}), "INSERT INTO owned VALUES (12, 120)")
    assert (12, 120) in at_leader(cluster, "owned")


def test_the_question_for_the_nodes_holds_nothing_up(cluster, connect, leader):
    """Of a server that nobody has asked yet, and that does not answer this question."""
    cluster.sql(f"CREATE SERVER silent FOREIGN DATA WRAPPER pg_kalam OPTIONS (host 'LocalHost', port '{leader.port}',"
                " auth_header 'Bearer test-token')")
    cluster.sql("CREATE FOREIGN TABLE heard (id bigint OPTIONS (key 'true'), n int) SERVER silent OPTIONS (namespace 'public', \"table\" 'led')",
                **{"kalam.mirror_ddl": "off"})
    leader.faults.add(method="ExecuteQuery", skip=1, count=0, delay_ms=60_000)  # all but that for the table
    started = time.monotonic()
    assert run(connect(), "SELECT id, n FROM heard") == [(1, 10)]
    assert time.monotonic() - started < 4
    assert run(connect(), "SELECT id, n FROM heard") == [(1, 10)]
    assert time.monotonic() - started < 4  # and is not asked again
    cluster.sql("SET kalam.mirror_ddl = off; DROP SERVER silent CASCADE")


@pytest.fixture
def frozen(cluster):
    """The configured node takes connections and says nothing. There is none to it when the test begins."""
    limit = 3
    pid = cluster.server_pid()
    os.kill(pid, signal.SIGSTOP)
    cluster.sql(f"ALTER SYSTEM SET kalam.connect_timeout = '{limit}s'")  # which gives the old links up
    cluster.sql("SELECT pg_reload_conf()")
    established = "01"
    wait_for(lambda: established not in states_of_links(cluster.kalam_port), what="the worker has let its link go")
    yield limit
    os.kill(pid, signal.SIGCONT)
    cluster.sql("ALTER SYSTEM RESET kalam.connect_timeout")
    cluster.sql("SELECT pg_reload_conf()")


def test_a_frozen_node_holds_up_the_first_who_comes_and_not_everybody(cluster, leader, session, connect, request):
    tell(leader, cluster)
    run(session, "SELECT * FROM led")
    limit = request.getfixturevalue("frozen")
    assert run(connect(), "SELECT id, n FROM led") == [(1, 10)]
    for question in ("SELECT id, n FROM led", "SELECT kalam_exec('SELECT 2 AS a')"):
        started = time.monotonic()
        run(connect(), question)
        assert time.monotonic() - started < limit


def test_nodes_serve_while_the_configured_one_is_down(cluster, leader, session, connect):
    """The last test, because the first server's data dies with it."""
    tell(leader, cluster)
    run(session, "SELECT * FROM led")
    # The same node by another name than the one that its cluster knows it by.
    cluster.sql(f"CREATE SERVER spelt FOREIGN DATA WRAPPER pg_kalam OPTIONS (host 'localhost', port '{cluster.kalam_port}',"
                " auth_header 'Bearer test-token')")
    cluster.sql("CREATE FOREIGN TABLE spelt (id bigint OPTIONS (key 'true'), n int) SERVER spelt OPTIONS (\"table\" 'led')",
                **{"kalam.mirror_ddl": "off"})
    assert cluster.sql("SELECT id, n FROM spelt") == [(1, 10)]
    cluster.run("devserver-kill")
    assert run(session, "SELECT id, n FROM led") == [(1, 10)]
    assert run(session, "SELECT kalam_exec('SELECT 2 AS a')") == [('[{"a":2}]',)]
    run(session, "INSERT INTO owned VALUES (8, 80)")
    assert (8, 80) in at_leader(cluster, "owned")
    # A session that has met nobody yet; others have told of the node.
    fresh = connect(**{"kalam.user_id": "alice"})
    run(fresh, "BEGIN", "INSERT INTO owned VALUES (9, 90)", "COMMIT")
    assert run(fresh, "SELECT id, n FROM led") == [(1, 10)]
    assert (9, 90) in at_leader(cluster, "owned")
    for _ in range(2):
        assert run(connect(), "SELECT 1", "SELECT id, n FROM spelt", "SELECT id, n FROM spelt") == [(1, 10)]
    # What answers at the node's address does not count the configured node among its own any more.
    leader.faults.clear()
    with pytest.raises(psycopg2.Error) as error:
        run(connect(), "SELECT * FROM led")
    assert error.value.pgcode == "08001"
    # Nor after the question whether it does was cancelled.
    leader.faults.add(method="ExecuteQuery", delay_ms=60_000)
    hasty = connect(statement_timeout="500ms")
    for pgcode in ("57014", "08001"):
        with pytest.raises(psycopg2.Error) as error:
            run(hasty, "SELECT * FROM led")
        assert error.value.pgcode == pgcode
        leader.faults.clear()
