"""The worker stops under load: every request ends, with an answer or with an error, nothing hangs, no slot stays in use."""
import os
import signal
import threading

import psycopg2
import pytest

from conftest import wait_for

CLIENTS = 8


@pytest.fixture(scope="module", autouse=True)
def table(cluster):
    cluster.sql("CREATE TABLE load (id bigint PRIMARY KEY, n int) USING kalamdb WITH (type = 'shared')")


class Load(threading.Thread):
    """Inserts row after row until told to stop; remembers which rows were acknowledged."""

    def __init__(self, cluster, client):
        super().__init__()
        self.connection = cluster.connect()
        self.client, self.stopped = client, threading.Event()
        self.acknowledged, self.errors = [], []

    def run(self):
        n = 0
        while not self.stopped.is_set():
            n += 1
            key = self.client * 1_000_000 + n
            try:
                with self.connection.cursor() as cursor:
                    cursor.execute("INSERT INTO load VALUES (%s, 0)", (key,))
                self.acknowledged.append(key)
            except psycopg2.Error as error:
                self.errors.append(error.pgcode)
        self.connection.close()


def slots_in_use(cluster):
    return cluster.sql("SELECT slots_in_use FROM kalam_status()")[0][0]


def test_sigterm_under_load(cluster):
    load = [Load(cluster, client) for client in range(1, CLIENTS + 1)]
    for thread in load:
        thread.start()
    for _ in range(3):
        enough = sum(len(t.acknowledged) for t in load) + 200
        wait_for(lambda: sum(len(t.acknowledged) for t in load) >= enough, 30, "the load makes progress")
        pid = cluster.worker_pid()
        os.kill(pid, signal.SIGTERM)
        wait_for(lambda: cluster.worker_pid() not in (None, pid), 15, "another worker runs")
    enough = sum(len(t.acknowledged) for t in load) + 200
    wait_for(lambda: sum(len(t.acknowledged) for t in load) >= enough, 30, "the load goes on")
    for thread in load:
        thread.stopped.set()
    for thread in load:
        thread.join(15)
        assert not thread.is_alive(), "a backend hangs"
    codes = {code for thread in load for code in thread.errors}
    assert codes <= {"08006", "08007"}, codes
    stored = {row[0] for row in cluster.sql("SELECT id FROM load")}
    lost = [key for thread in load for key in thread.acknowledged if key not in stored]
    assert not lost, f"acknowledged rows are gone: {lost[:5]}"
    wait_for(lambda: slots_in_use(cluster) == 0, 5, "every slot is free")


def test_transaction_is_lost_with_its_worker(cluster, connect):
    session = connect(autocommit=False)
    with session.cursor() as cursor:
        cursor.execute("INSERT INTO load VALUES (1, 1)")
        cursor.execute("SELECT count(*) FROM load")
        pid = cluster.worker_pid()
        os.kill(pid, signal.SIGTERM)
        wait_for(lambda: cluster.worker_pid() not in (None, pid), 15, "another worker runs")
        with pytest.raises(psycopg2.Error) as error:
            cursor.execute("INSERT INTO load VALUES (2, 2)")
    assert error.value.pgcode in ("08006", "08007", "40001", "25P02")
    session.rollback()
    assert cluster.sql("SELECT id FROM load WHERE id IN (1, 2)") == []
