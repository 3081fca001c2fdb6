"""kalam.spin_limit: a backend that is alone waits awake for answers that usually come soon; it can be cancelled all the same, and
sleeps when it is not alone. Where there is one processor nobody waits awake, and there is nothing to see.
"""
import os
import time

import psycopg2
import pytest

from conftest import TARGET, wait_for
from faults import Faults
from under_way import run_in_thread, waiting

DEVSERVER_ARGS = ("--allow-faults",)
pytestmark = pytest.mark.skipif(len(os.sched_getaffinity(0)) < 2, reason="needs two processors")
LOOKUP = "SELECT n FROM awake WHERE id = 1"


@pytest.fixture(scope="module", autouse=True)
def table(cluster):
    cluster.sql("CREATE TABLE awake (id bigint PRIMARY KEY, n int) USING kalamdb WITH (type = 'shared')")
    cluster.sql("INSERT INTO awake VALUES (1, 1)")


def awake_answers(cluster):
    return cluster.sql("SELECT awake_answers FROM kalam_status()")[0][0]


def look_up(session, times):
    with session.cursor() as cursor:
        for _ in range(times):
            cursor.execute(LOOKUP)
            assert cursor.fetchall() == [(1,)]


def has_woken_up(cluster, session):
    """Whether any of some answers found the session awake; it backs off for a while when others want the processor."""
    before = awake_answers(cluster)
    look_up(session, 50)
    return awake_answers(cluster) > before


def test_one_session_waits_awake(cluster, connect):
    session = connect(**{"kalam.spin_limit": "10000"})
    wait_for(lambda: has_woken_up(cluster, session), what="an answer that was waited for awake")


def test_nobody_does_at_limit_0(cluster, connect):
    before = awake_answers(cluster)
    look_up(connect(**{"kalam.spin_limit": "0"}), 200)
    assert awake_answers(cluster) == before


def test_the_first_answer_of_a_kind_is_waited_for_asleep(cluster, connect):
    before = awake_answers(cluster)
    look_up(connect(**{"kalam.spin_limit": "10000"}), 1)
    assert awake_answers(cluster) == before


def test_a_session_that_does_other_things_between_sleeps(cluster, connect):
    session = connect(**{"kalam.spin_limit": "10000"})
    wait_for(lambda: has_woken_up(cluster, session), what="an answer that was waited for awake")
    before = awake_answers(cluster)
    for _ in range(20):
        with session.cursor() as cursor:
            cursor.execute("SELECT sum(sqrt(g)) FROM generate_series(1, 300000) g")  # more than 5 ms
        look_up(session, 1)
    assert awake_answers(cluster) < before + 5


@pytest.mark.skipif(TARGET is not None, reason="needs a server that holds calls back")
def test_nobody_does_beside_another_request(cluster, connect):
    session, other = connect(**{"kalam.spin_limit": "10000"}), connect()
    wait_for(lambda: has_woken_up(cluster, session), what="an answer that was waited for awake")
    Faults(cluster.kalam_port).add(method="Update", delay_ms=60_000)
    thread, outcome = run_in_thread(other, "UPDATE awake SET n = 1 WHERE id = 1")
    wait_for(lambda: waiting(cluster, other.info.backend_pid), what="the other request is under way")
    before = awake_answers(cluster)
    look_up(session, 200)
    # An answer that comes between two looks of a session that has lost the processor counts as seen awake.
    assert awake_answers(cluster) < before + 20
    cluster.sql("SELECT pg_cancel_backend(%s)", other.info.backend_pid)
    thread.join(20)
    assert outcome["code"] == "57014"


@pytest.mark.skipif(TARGET is not None, reason="needs a server that holds calls back")
def test_cancel_of_a_session_that_waits_awake(cluster, connect):
    session = connect(**{"kalam.spin_limit": "10000", "statement_timeout": "300ms"})
    wait_for(lambda: has_woken_up(cluster, session), what="an answer that was waited for awake")
    Faults(cluster.kalam_port).add(method="Scan", delay_ms=60_000)
    started = time.monotonic()
    with session.cursor() as cursor, pytest.raises(psycopg2.Error) as error:
        cursor.execute(LOOKUP)
    took = time.monotonic() - started
    assert error.value.pgcode == "57014"
    assert took < 0.6
    look_up(session, 5)
