"""The workloads of bench/run: for each, how pg_kalam does it, how bare gRPC does the same, and the ratio it must reach.

`prepare` leaves bench.items as the workload wants it; `ours` and `bare` return operations, seconds and per_second.
An operation is a row for writes of rows and a statement for everything else.
"""
from dataclasses import dataclass
from typing import Callable, Optional

TABLE_ROWS = 50_000


@dataclass
class Workload:
    name: str
    prepare: Callable
    ours: Callable
    bare: Optional[Callable] = None
    must: Optional[float] = None


def empty(cluster):
    cluster.fresh_table(0)


def filled(cluster):
    """bench.items with 50 000 rows; made once, since the workloads that use it do not change the number of rows."""
    if getattr(cluster, "filled_rows", 0) != TABLE_ROWS or cluster.execute("SELECT count(*) FROM bench.items") != [(TABLE_ROWS,)]:
        cluster.fresh_table(TABLE_ROWS)
        cluster.filled_rows = TABLE_ROWS


def refilled(cluster):
    cluster.fresh_table(TABLE_ROWS)
    cluster.filled_rows = TABLE_ROWS


INSERT = "INSERT INTO bench.items VALUES (snowflake_id(), 'title of a row', 7);\n"
SELECT = f"\\set id random(1, {TABLE_ROWS})\nSELECT id, title, value FROM bench.items WHERE id = :id;\n"
UPDATE = f"\\set id random(1, {TABLE_ROWS})\nUPDATE bench.items SET value = 5 WHERE id = :id;\n"
TRANSACTION = "BEGIN;\n" + INSERT * 10 + "COMMIT;\n"


def rows_sql(first, count):
    return f"SELECT g, 'title of row ' || g, g %% 1000 FROM generate_series({first}, {first + count - 1}) g".replace("%%", "%")


def insert(clients, must):
    return Workload(f"INSERT of one row, {clients} clients", empty,
                    lambda c, s: c.pgbench(INSERT, clients, s),
                    lambda c, s: c.bare("insert", clients=clients, seconds=s, rows=1), must)


def select(clients, must):
    return Workload(f"SELECT by key, {clients} clients", filled,
                    lambda c, s: c.pgbench(SELECT, clients, s),
                    lambda c, s: c.bare("scan_key", clients=clients, seconds=s, rows=TABLE_ROWS), must)


def update(clients, must):
    return Workload(f"UPDATE by key, {clients} clients", filled,
                    lambda c, s: c.pgbench(UPDATE, clients, s),
                    lambda c, s: c.bare("update_key", clients=clients, seconds=s, rows=TABLE_ROWS), must)


def transaction(clients, must):
    def ours(cluster, seconds):
        result = cluster.pgbench(TRANSACTION, clients, seconds)
        return {**result, "operations": result["operations"] * 10, "per_second": result["per_second"] * 10}
    return Workload(f"transaction of 10 INSERTs, {clients} clients", empty, ours,
                    lambda c, s: c.bare("transaction", clients=clients, seconds=s, rows=10), must)


def bulk(name, statements, rows, batch, must, calls="insert_once"):
    return Workload(name, empty, lambda c, s: c.timed(statements, rows),
                    lambda c, s: c.bare(calls, rows=rows, batch=batch, clients=1), must)


def copy(name, rows, must):
    """COPY FROM of `rows` rows in one statement: one request as long as they fit one."""
    text = "".join(f"{i}\ttitle of row {i}\t{i % 1000}\n" for i in range(1, rows + 1))
    return Workload(name, empty, lambda c, s: c.copied("COPY bench.items (id, title, value) FROM STDIN", text, rows),
                    lambda c, s: c.bare("insert_once", rows=rows, batch=rows, clients=1), must)


def nothing(clients):
    """What PostgreSQL and pgbench themselves need for a statement: the share of the rest that nobody can save."""
    return Workload(f"SELECT 1 (no KalamDB), {clients} clients", lambda c: None, lambda c, s: c.pgbench("SELECT 1;\n", clients, s))


def query(name, sql, bare=None, must=None, repeat=5):
    return Workload(name, filled, lambda c, s: c.timed([sql] * repeat, repeat), bare, must)


VALUES_1000 = ["INSERT INTO bench.items VALUES " + ", ".join(
    f"({k * 1000 + i}, 'title of row {k * 1000 + i}', {i})" for i in range(1000)) for k in range(20)]

JOIN = ("WITH small AS MATERIALIZED (SELECT (g * 2111)::bigint AS id FROM generate_series(1, 20) g) "
        "SELECT count(i.title) FROM small s JOIN bench.items i ON i.id = s.id")

WORKLOADS = [
    nothing(1), nothing(16), nothing(64),
    insert(1, 0.65), insert(4, None), insert(16, 2.5), insert(64, 3.5),
    select(1, 0.6), select(16, 0.8),
    update(1, 0.6), update(16, 0.8),
    transaction(1, 0.6), transaction(8, 0.6),
    Workload("connect, one SELECT, 4 clients", filled, lambda c, s: c.pgbench(SELECT, 4, s, connect=True)),
    bulk("INSERT of 20 x 1000 rows", VALUES_1000, 20_000, 1000, 0.85),
    bulk("INSERT SELECT of 20 000", [f"INSERT INTO bench.items {rows_sql(1, 20_000)}"], 20_000, 20_000, 0.85),
    copy("COPY of 20 000", 20_000, 0.85),
    bulk("INSERT SELECT of 50 000, bulk_load",
         ["SET kalam.bulk_load = on", f"INSERT INTO bench.items {rows_sql(1, 50_000)}", "RESET kalam.bulk_load"],
         50_000, 40_000, 0.85),
    bulk("INSERT SELECT of 50 000, atomic", [f"INSERT INTO bench.items {rows_sql(1, 50_000)}"], 50_000, 40_000, 0.85,
         "insert_atomic"),
    query("full scan of 50 000 x 3", "SELECT count(id), count(title), count(value) FROM bench.items",
          lambda c, s: c.bare("scan_full", rows=5, clients=1), 0.8),
    query("COUNT(*)", "SELECT count(*) FROM bench.items"),
    query("aggregate with filter", "SELECT sum(value) FROM bench.items WHERE value < 500"),
    query("ORDER BY LIMIT 10", "SELECT * FROM bench.items ORDER BY title LIMIT 10"),
    query("range", "SELECT count(title) FROM bench.items WHERE id BETWEEN 1000 AND 2000"),
    query("IN of 4 keys", "SELECT * FROM bench.items WHERE id IN (7, 7000, 17000, 47000)", repeat=50),
    query("join of 20 local rows", JOIN, repeat=20),
    Workload("UPDATE of 1000 by range", filled,
             lambda c, s: c.timed(["UPDATE bench.items SET value = value + 1 WHERE id BETWEEN 1001 AND 2000"], 1000)),
    Workload("DELETE of 2000 by range", refilled,
             lambda c, s: c.timed(["DELETE FROM bench.items WHERE id BETWEEN 1001 AND 3000"], 2000)),
]
