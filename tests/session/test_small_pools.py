"""The least shared memory there can be: answers and requests larger than it, a short queue, one slot a backend. Nothing
hangs, nothing is lost, everything is given back."""
import threading

import psycopg2
import pytest

from conftest import wait_for

CONF = ["kalam.answer_pool_size = '8MB'", "kalam.request_pool_size = '8MB'", "kalam.queue_length = 16",
        "kalam.slots_per_backend = 1"]
ROWS, MEGABYTE = 24, 1000000


@pytest.fixture(scope="module", autouse=True)
def tables(cluster):
    cluster.sql("CREATE TABLE big (id bigint PRIMARY KEY, body text) USING kalamdb WITH (type = 'shared')")
    for row in range(ROWS):
        cluster.sql(f"INSERT INTO big VALUES ({row}, repeat('x', {MEGABYTE}))")
    cluster.sql("CREATE TABLE written (id bigint PRIMARY KEY, body text) USING kalamdb WITH (type = 'shared')")


def memory_is_back(cluster):
    row = cluster.sql("SELECT slots_in_use, request_pages - request_pages_free, answer_pages - answer_pages_free,"
                      " queue_depth, control_depth FROM kalam_status()")[0]
    return row == (0, 0, 0, 0, 0)


@pytest.fixture(autouse=True)
def nothing_is_kept(cluster):
    yield
    wait_for(lambda: memory_is_back(cluster), 10, "all slots and pages are free")


def at_once(cluster, clients, work):
    """Runs work(session, n) in so many sessions at the same time; their results, errors raised."""
    results, errors = [None] * clients, []

    def run(n):
        session = cluster.connect()
        try:
            results[n] = work(session, n)
        except psycopg2.Error as error:
            errors.append(error)
        finally:
            session.close()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive(), "a backend hangs"
    assert not errors, errors[0]
    return results


def total(session, _):
    with session.cursor() as cursor:
        cursor.execute("SELECT count(*), sum(length(body)) FROM big")
        return cursor.fetchone()


def test_an_answer_larger_than_the_pool(cluster, connect):
    assert total(connect(), 0) == (ROWS, ROWS * MEGABYTE)


def test_several_such_answers_at_once(cluster):
    assert at_once(cluster, 4, total) == [(ROWS, ROWS * MEGABYTE)] * 4


def test_requests_that_fill_the_pool(cluster):
    def write(session, n):
        with session.cursor() as cursor:
            for i in range(3):
                cursor.execute("INSERT INTO written VALUES (%s, repeat('y', 3500000))", (n * 10 + i,))

    at_once(cluster, 6, write)
    assert cluster.sql("SELECT count(*), min(length(body)), max(length(body)) FROM written") == [(18, 3500000, 3500000)]


def test_more_backends_than_the_queue_holds(cluster):
    def write(session, n):
        with session.cursor() as cursor:
            for i in range(20):
                cursor.execute("INSERT INTO written VALUES (%s, 'z')", (1000 + n * 100 + i,))

    at_once(cluster, 40, write)
    assert cluster.sql("SELECT count(*) FROM written WHERE body = 'z'") == [(800,)]


def test_a_cancel_in_the_middle_of_an_answer(connect):
    session = connect()
    with session.cursor() as cursor:
        cancelled = 0
        for limit in range(1, 40):
            cursor.execute(f"SET statement_timeout = {limit}")
            try:
                cursor.execute("SELECT sum(length(body)) FROM big")
            except psycopg2.errors.QueryCanceled:
                cancelled += 1
        cursor.execute("RESET statement_timeout")
        assert cancelled > 0
        cursor.execute("SELECT sum(length(body)) FROM big")
        assert cursor.fetchone() == (ROWS * MEGABYTE,)
