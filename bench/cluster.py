"""What the benchmarks run on: a private PostgreSQL and kalam-devserver (scripts/dev-cluster), or a server that runs already, and
the ways to drive it. Used by bench/run and bench/profile.
"""
import io
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

import psycopg2

TOP = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TOP / "tests/session"))
from pss import mean_pss  # noqa: E402

TICKS = os.sysconf("SC_CLK_TCK")


def cpu_of(pid, children=False):
    """CPU seconds a process has used, with its finished children's where asked for."""
    try:
        fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return 0.0
    own = int(fields[11]) + int(fields[12])
    return (own + (int(fields[13]) + int(fields[14]) if children else 0)) / TICKS


class Cluster:
    def __init__(self, build, target):
        self.dir = tempfile.mkdtemp(prefix="kalam-bench.", dir="/tmp")
        os.chmod(self.dir, 0o755)
        self.tool("start", "--build", build, *(["--no-devserver"] if target else []))
        env = subprocess.run(["bash", "-c", f". {self.dir}/env; env"], capture_output=True, text=True, check=True).stdout
        self.env = dict(line.split("=", 1) for line in env.splitlines() if "=" in line)
        self.target = target or f"127.0.0.1:{self.env['KALAM_PORT']}"
        self.connection = self.connect()
        if target:
            host, port = target.rsplit(":", 1)
            self.execute(f"CREATE SERVER kalam_server FOREIGN DATA WRAPPER pg_kalam OPTIONS "
                         f"(host '{host}', port '{port}', auth_header 'Bearer test-token')")
            self.execute("SELECT kalam_exec('DROP TABLE IF EXISTS bench.items')")
        self.execute("CREATE SCHEMA bench")

    def tool(self, command, *args):
        subprocess.run([str(TOP / "scripts/dev-cluster"), command, "--dir", self.dir, *args], check=True)

    def connect(self):
        connection = psycopg2.connect(host=self.env["PGHOST"], port=5432, dbname="kalam", user="postgres")
        connection.autocommit = True
        return connection

    def execute(self, sql):
        with self.connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall() if cursor.description else cursor.rowcount

    def fresh_table(self, rows):
        """An empty bench.items, with rows 1..rows."""
        self.execute("DROP FOREIGN TABLE IF EXISTS bench.items")
        self.execute("CREATE TABLE bench.items (id bigint PRIMARY KEY, title text, value int) USING kalamdb WITH (type = 'shared')")
        if rows:
            self.bare("fill", rows=rows, batch=2000, first=1)
        self.execute("ANALYZE bench.items")

    def bare(self, workload, **values):
        arguments = [f"{k}={v}" for k, v in values.items()]
        done = subprocess.run([f"{self.env['KALAM_BUILD']}/bench/bare_grpc", self.target, workload, *arguments],
                              capture_output=True, text=True)
        if done.returncode:
            sys.exit(f"bare_grpc {workload}: {done.stderr}")
        return json.loads(done.stdout)

    def processes(self):
        postmaster = int((pathlib.Path(self.dir) / "data/postmaster.pid").read_text().split()[0])
        worker = self.execute("SELECT pid FROM kalam_status()")[0][0]
        pid_file = pathlib.Path(self.dir) / "devserver.pid"
        return postmaster, worker, int(pid_file.read_text()) if pid_file.exists() else 0

    def cpu(self):
        """CPU seconds so far of (backends, worker, server)."""
        postmaster, worker, server = self.processes()
        live = subprocess.run(["pgrep", "-P", str(postmaster)], capture_output=True, text=True).stdout.split()
        backends = cpu_of(postmaster, children=True) + sum(cpu_of(pid) for pid in live if int(pid) != worker)
        return backends, cpu_of(worker), cpu_of(server)

    def pgbench(self, script, clients, seconds, connect=False):
        """Runs a pgbench script for some seconds: its transactions per second and latencies."""
        with tempfile.NamedTemporaryFile("w", suffix=".sql", delete=False) as file:
            file.write(script)
        log = f"{self.dir}/pgbench_log"
        arguments = ["pgbench", "-n", "-f", file.name, "-c", str(clients), "-j", str(min(clients, 2)), "-T", str(seconds),
                     "-M", "prepared", "-l", "--log-prefix", log] + (["-C"] if connect else [])
        done = subprocess.run(arguments, env=self.env, capture_output=True, text=True)
        os.unlink(file.name)
        if done.returncode:
            sys.exit(f"pgbench: {done.stderr[-2000:]}")
        latencies = []
        for path in pathlib.Path(self.dir).glob("pgbench_log.*"):
            latencies += [int(line.split()[2]) for line in path.read_text().splitlines()]
            path.unlink()
        latencies.sort()
        return {"operations": len(latencies), "seconds": seconds, "per_second": len(latencies) / seconds,
                "p50_us": latencies[len(latencies) // 2] if latencies else 0,
                "p99_us": latencies[int(len(latencies) * 0.99)] if latencies else 0}

    def timed(self, statements, operations):
        """Runs statements one after the other in one session."""
        start = time.monotonic()
        for statement in statements:
            self.execute(statement)
        seconds = time.monotonic() - start
        return {"operations": operations, "seconds": seconds, "per_second": operations / seconds,
                "p50_us": seconds / len(statements) * 1e6, "p99_us": 0}

    def copied(self, statement, text, operations):
        """Runs one COPY FROM STDIN."""
        start = time.monotonic()
        with self.connection.cursor() as cursor:
            cursor.copy_expert(statement, io.StringIO(text))
        seconds = time.monotonic() - start
        return {"operations": operations, "seconds": seconds, "per_second": operations / seconds, "p50_us": seconds * 1e6, "p99_us": 0}

    def backend_memory(self):
        """kB that a backend costs more when it has read a KalamDB table than when it has read a local one (PSS, mean)."""
        self.execute("CREATE TABLE IF NOT EXISTS bench.local AS SELECT 1 AS id")
        used, unused = (mean_pss(self.connect, [f"SELECT * FROM bench.{table} WHERE id = 1"]) for table in ("items", "local"))
        return used - unused

    def destroy(self):
        self.connection.close()
        self.tool("destroy")
