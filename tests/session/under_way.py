"""Statements that are under way: started in a thread, and seen to wait for their answer."""
import threading
import time

import psycopg2


def waiting(cluster, pid):
    """Whether a backend waits in our wait loop (or any extension's)."""
    rows = cluster.sql("SELECT wait_event_type FROM pg_stat_activity WHERE pid = %s AND state = 'active'", pid)
    return rows and rows[0][0] == "Extension"


def run_in_thread(connection, sql):
    outcome = {}

    def work():
        try:
            with connection.cursor() as cursor:
                cursor.execute(sql)
        except psycopg2.Error as error:
            outcome["code"] = error.pgcode
            outcome["text"] = str(error)
        outcome["ended"] = time.monotonic()

    thread = threading.Thread(target=work)
    thread.start()
    return thread, outcome
