"""What one psql session cannot show: several sessions, kills, restarts, faults, drivers.

Owns the fixtures: a private cluster per test module (`cluster`), connections to it (`connect`), and waiting for facts
(`wait_for`). Tests never sleep: they wait until something is true, for a bounded time. At the end of a module the server's
log is searched for crashes.
"""
import contextlib
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import threading
import time

import psycopg2
import pytest

TOP = pathlib.Path(__file__).resolve().parents[2]
CRASH = re.compile(r"terminated by signal|PANIC:|TRAP:|AddressSanitizer|runtime error:")

# Programs such as pg_dump are those of the PostgreSQL under test.
if "PG_CONFIG" in os.environ:
    BINDIR = subprocess.run([os.environ["PG_CONFIG"], "--bindir"], check=True, capture_output=True, text=True).stdout.strip()
    os.environ["PATH"] = f"{BINDIR}:{os.environ['PATH']}"


def wait_for(fact, seconds=20, what=None):
    """Returns fact()'s first true value; fails the test when there is none in time."""
    deadline = time.monotonic() + seconds
    pause = threading.Event()
    while True:
        value = fact()
        if value:
            return value
        if time.monotonic() > deadline:
            pytest.fail(f"did not come true in {seconds} s: {what or fact}")
        pause.wait(0.01)


def answer(cursor, statement):
    """The rows of one statement."""
    cursor.execute(statement)
    return cursor.fetchall()


# KALAM_TARGET=host:port runs the tests against a server that is there already (token 'Bearer test-token') instead of a
# kalam-devserver of their own; tests that stop or start the server are then skipped.
TARGET = os.environ.get("KALAM_TARGET")


class Cluster:
    """A private PostgreSQL and its kalam-devserver (scripts/dev-cluster)."""

    def __init__(self, conf=(), devserver_args=(), devserver=True):
        self.dir = tempfile.mkdtemp(prefix="kalam-session.", dir="/tmp")
        os.chmod(self.dir, 0o755)
        args = []
        for line in conf:
            args += ["--conf", line]
        for arg in devserver_args:
            args += ["--devserver-arg", arg]
        if TARGET or not devserver:
            args += ["--no-devserver"]
        self.run("start", "--build", os.environ.get("KALAM_BUILD", str(TOP / "build")), *args)
        if TARGET and devserver:
            self.use_target()

    def use_target(self):
        host, port = TARGET.rsplit(":", 1)
        self.sql(f"CREATE SERVER kalam_server FOREIGN DATA WRAPPER pg_kalam OPTIONS "
                 f"(host '{host}', port '{port}', auth_header 'Bearer test-token')")
        self.sql("GRANT USAGE ON FOREIGN SERVER kalam_server TO PUBLIC")
        # What earlier modules left in the namespace that they all use. A module may want a cluster whose worker cannot run.
        with contextlib.suppress(psycopg2.OperationalError):
            self.sql("SELECT kalam_exec('DROP NAMESPACE IF EXISTS public')")

    def server_pid(self):
        """The process id of the cluster's own kalam-devserver."""
        if TARGET:
            pytest.skip("needs a server of its own")
        return int((pathlib.Path(self.dir) / "devserver.pid").read_text())

    def run(self, command, *args):
        subprocess.run([str(TOP / "scripts/dev-cluster"), command, "--dir", self.dir, *args], check=True)

    @property
    def kalam_port(self):
        if TARGET:
            return int(TARGET.rsplit(":", 1)[1])
        return int((pathlib.Path(self.dir) / "devserver-port").read_text())

    @property
    def log(self):
        return (pathlib.Path(self.dir) / "log/postgres.log").read_text(errors="replace")

    def connect(self, user="postgres", autocommit=True, **settings):
        options = " ".join(f"-c {k}={v}" for k, v in settings.items())
        connection = psycopg2.connect(host=f"{self.dir}/run", port=5432, dbname="kalam", user=user, options=options)
        connection.autocommit = autocommit
        return connection

    def sql(self, statement, *args, **settings):
        """Runs one statement in a session of its own; its rows, or None where it has none."""
        connection = self.connect(**settings)
        try:
            with connection.cursor() as cursor:
                cursor.execute(statement, args or None)
                return cursor.fetchall() if cursor.description else None
        finally:
            connection.close()

    def worker_pid(self):
        row = self.sql("SELECT pid FROM kalam_status()")
        return row[0][0] if row else None

    def destroy(self):
        log = self.log
        self.run("destroy")
        shutil.rmtree(self.dir, ignore_errors=True)
        return [line for line in log.splitlines() if CRASH.search(line)]


@pytest.fixture(scope="module")
def cluster(request):
    """The module's cluster; a module sets CONF and DEVSERVER_ARGS for what it needs beyond the usual."""
    made = Cluster(conf=getattr(request.module, "CONF", ()), devserver_args=getattr(request.module, "DEVSERVER_ARGS", ()))
    yield made
    crashes = made.destroy()
    assert not crashes, f"the server log shows a crash: {crashes[:5]}"


@pytest.fixture
def connect(cluster):
    """Connections that are closed when the test ends."""
    open_connections = []

    def make(**kwargs):
        connection = cluster.connect(**kwargs)
        open_connections.append(connection)
        return connection

    yield make
    for connection in open_connections:
        connection.close()
