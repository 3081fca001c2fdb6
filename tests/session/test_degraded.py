"""What users see when the library is not preloaded, or when no worker runs: an error with a hint, soon."""
import time

import psycopg2
import pytest

from conftest import Cluster


@pytest.fixture(scope="module")
def not_preloaded():
    made = Cluster(conf=["shared_preload_libraries = ''"], devserver=False)
    yield made
    assert not made.destroy()


@pytest.fixture(scope="module")
def no_worker():
    made = Cluster(conf=["max_worker_processes = 0", "kalam.worker_start_timeout = '300ms'"])
    yield made
    assert not made.destroy()


def failure(cluster, sql):
    with pytest.raises(psycopg2.Error) as error:
        cluster.sql(sql)
    return error.value


def test_not_preloaded_what_needs_no_worker_works(not_preloaded):
    assert not_preloaded.sql("SELECT kalam_version(), kalam_compiled_mode(), snowflake_id() > 0")[0][1:] == ("remote", True)


@pytest.mark.parametrize("sql", [
    "SELECT * FROM kalam_status()", "SELECT * FROM kalam_stat", "SELECT kalam_wait_until_ready(1)",
    "SELECT kalam_ping('there')"])
def test_not_preloaded_the_rest_says_what_to_do(not_preloaded, sql):
    not_preloaded.sql("DROP SERVER IF EXISTS there")
    not_preloaded.sql("CREATE SERVER there FOREIGN DATA WRAPPER pg_kalam OPTIONS (host '127.0.0.1', port '1')")
    error = failure(not_preloaded, sql)
    assert error.pgcode == "55000"
    assert "shared_preload_libraries" in error.diag.message_hint


def test_no_worker(no_worker):
    started = time.monotonic()
    error = failure(no_worker, "SELECT kalam_exec('SELECT 1')")
    assert error.pgcode == "08006"
    assert "max_worker_processes" in error.diag.message_hint
    assert time.monotonic() - started < 5


def test_no_worker_is_told_by_the_views(no_worker):
    assert no_worker.sql("SELECT state, pid FROM kalam_status()") == [("stopped", None)]
    assert no_worker.sql("SELECT kalam_wait_until_ready(0.1)") == [(False,)]
