"""Generated transactions run on KalamDB tables and, at the same time, on plain PostgreSQL tables of the same shape. After every
statement the command tag, the rows and the SQLSTATE must be the same; at any time another session must see the same in all tables.

A transaction is a block of 1 to 12 steps, or several statements in one string; each test runs ten of them from one seed, so that a
failure repeats, and its message has the statements of the transaction. By default there are 150 transactions; for more:

    KALAM_ORACLE_TRANSACTIONS=5000          how many (more seeds of ten transactions each)
    KALAM_ORACLE_SEED=1000                  the first seed

Left out, because KalamDB differs by contract:
* keys inserted twice outside subtransactions, which fail at COMMIT;
* writes to shared and to user tables in one transaction, and at REPEATABLE READ and above reads of both (the generator's `group`);
* rows for the table `tag`, whose key is not called id, in a transaction that does anything else with it, that has changed another table,
  at REPEATABLE READ, or in a subtransaction (the group "keyed"; elsewhere its rows are changed and deleted only);
* what others commit meanwhile: a transaction that has changed a table reads it as of the remote transaction's begin.

The users' tables are changed for two users in one transaction, which takes a server that has one shard for users.
"""
import os
import random

import psycopg
import pytest

from oracle_keys import PLACES, SHARED, USERS, Keys, Step, key_of
from oracle_steps import Generator

TRANSACTIONS_PER_SEED = 10
TRANSACTIONS = int(os.environ.get("KALAM_ORACLE_TRANSACTIONS", "150"))
FIRST_SEED = int(os.environ.get("KALAM_ORACLE_SEED", "0"))
SEEDS = range(FIRST_SEED, FIRST_SEED + -(-TRANSACTIONS // TRANSACTIONS_PER_SEED))

SHOWN = 10_000  # characters of each result in a failure's message
COLUMNS = "n int NOT NULL, body text DEFAULT 'none', amount numeric(10,2)"


class Session:
    """A connection to one side."""

    def __init__(self, cluster, side, prepared=False, settings=""):
        path = f"plain, plain_{USERS[0]}" if side == "plain" else "public"
        self.side, self.prepared = side, prepared
        self.connection = psycopg.connect(host=f"{cluster.dir}/run", dbname="kalam", user="postgres", autocommit=True,
                                          options=f"-c search_path={path.replace(' ', '')} -c kalam.user_id={USERS[0]} {settings}")
        self.connection.prepare_threshold = None
        self.connection.prepared_max = 100_000

    def failed(self):
        return self.connection.info.transaction_status == psycopg.pq.TransactionStatus.INERROR

    def results(self, step, prepared):
        sql = step.plain if step.plain and self.side == "plain" else step.sql
        cursor = self.connection.cursor()
        if sql.startswith("COPY"):
            with cursor.copy(sql) as copy:
                if step.data is None:
                    rows = sorted("".join(bytes(block).decode() for block in copy).splitlines())
                else:
                    rows = copy.write(step.data)
            return [(cursor.statusmessage, rows)]
        cursor.execute(sql, step.params, prepare=prepared)
        results = []
        while True:
            rows = [str(row) for row in cursor.fetchall()] if cursor.description else None
            results.append((cursor.statusmessage, rows if step.ordered or rows is None else sorted(rows)))
            if not cursor.nextset():
                return results

    def run(self, step, prepared=True):
        """([(command tag, rows)], None), or the SQLSTATE and the error. `prepared`: where that is the session's way."""
        try:
            return self.results(step, prepared and self.prepared), None
        except psycopg.Error as error:
            return error.sqlstate, error

    def rows(self, sql):
        return self.connection.execute(sql).fetchall()


KEYS_THERE_ARE = " UNION ALL ".join(
    f"SELECT '{place}', '{table}', {'NULL, sku' if table == 'tag' else 'id, NULL'} FROM {schema}.{table}" for place, table, schema, _ in PLACES)


def unordered(outcome):
    """Rows of a string are compared in any order, for it may have statements of both kinds."""
    return [(tag, rows and sorted(rows)) for tag, rows in outcome] if isinstance(outcome, list) else outcome


class Play:
    """Both sides, what was done in the transaction that is open, and a third session that looks at both."""

    def __init__(self, cluster, seed):
        rng = self.random = random.Random(seed)
        prepared = rng.random() < 0.5
        settings = rng.choice(["", "", "-c plan_cache_mode=force_generic_plan"]) if prepared else ""
        self.seed, self.number, self.history = seed, 0, []
        self.kalam, self.plain = (Session(cluster, side, prepared, settings) for side in ("kalam", "plain"))
        self.observer = Session(cluster, "observer")
        self.keys = Keys(rng)
        self.generator = Generator(rng, self.keys, prepared)
        self.isolation = None  # of a transaction that COMMIT AND CHAIN has begun

    def close(self):
        for session in (self.kalam, self.plain, self.observer):
            session.connection.close()

    def check(self, got, want, what, error=None):
        if got != want:
            statements = "\n".join(map(str, self.history))
            pytest.fail(f"seed {self.seed}, transaction {self.number}: {what}\n{statements}\n\nKalamDB: {str(got)[:SHOWN]}\n{error or ''}\n"
                        f"plain:   {str(want)[:SHOWN]}", pytrace=False)

    def both(self, step):
        self.history.append(step)
        want, _ = self.plain.run(step)
        got, error = self.kalam.run(step)
        self.check(got, want, "the last statement differs", error)

    def content(self, side):
        """All tables as another session sees them."""
        shown = {}
        for place, table, schema, user in PLACES:
            self.observer.rows(f"SELECT set_config('kalam.user_id', '{user}', false)")
            schema = schema if side == "plain" else "public"
            shown[place] = self.observer.rows(f"SELECT {key_of(table)}, n, body, amount FROM {schema}.{table} ORDER BY {key_of(table)}")
        shown["loc"] = self.observer.rows(f"SELECT id, n FROM {'plain' if side == 'plain' else 'public'}.loc ORDER BY id")
        return shown

    def observe(self, when):
        got, want = self.content("kalam"), self.content("plain")
        for place in want:
            self.check(got[place], want[place], f"{place} differs {when}")

    def present(self):
        return {(place, table, key if sku is None else sku) for place, table, key, sku in self.plain.rows(KEYS_THERE_ARE)}

    def note(self, step):
        """Tells the generator's keys what the step has done."""
        if self.plain.failed():
            return
        command, _, name = step.sql.rpartition(" ")
        if command == "SAVEPOINT":
            self.keys.savepoint(name)
        elif command == "ROLLBACK TO":
            self.keys.rollback_to(name, self.present())
        elif command == "RELEASE":
            self.keys.release(name)
        else:
            self.keys.note(self.present())

    def block(self):
        if self.isolation is None:
            self.isolation = self.random.choice(["READ COMMITTED"] * 3 + ["REPEATABLE READ"] * 2 + ["SERIALIZABLE"])
            self.both(Step(f"BEGIN ISOLATION LEVEL {self.isolation}"))
        self.keys.begin(self.present())
        self.generator.begin(self.isolation != "READ COMMITTED", False)
        for _ in range(self.random.randint(1, 12)):
            step = self.generator.step(self.plain.failed())
            self.both(step)
            self.note(step)
        if not self.generator.truncated and self.random.random() < 0.3:
            self.observe("before the end")
        self.end_block()

    def end_block(self):
        end = self.random.choice(["COMMIT"] * 4 + ["ROLLBACK", "COMMIT AND CHAIN", "ROLLBACK AND CHAIN"])
        self.both(Step(end))
        # A COMMIT that fails begins nothing.
        if "CHAIN" not in end or self.plain.connection.info.transaction_status == psycopg.pq.TransactionStatus.IDLE:
            self.isolation = None

    def string(self):
        """Several statements in one string, which are one transaction, or one alone. The plain side takes them one by one."""
        self.plain.connection.execute("BEGIN")
        self.keys.begin(self.present())
        self.generator.begin(False, True)
        steps, want, count = [], [], self.random.choice([1, 1, 1, 2, 3, 5])
        for _ in range(count):
            steps.append(self.generator.lone_step() if count == 1 else self.generator.step(False))
            result, _ = self.plain.run(steps[-1])
            want = want + result if isinstance(result, list) else result
            if self.plain.failed():
                break
            self.note(steps[-1])
        result, _ = self.plain.run(Step("COMMIT"))
        self.run_string(steps, want if isinstance(result, list) else result)

    def run_string(self, steps, want):
        self.history.append(Step("; ".join(step.sql for step in steps)))
        got, error = self.kalam.run(self.history[-1], prepared=False)
        self.check(unordered(got), unordered(want), "the string differs", error)

    def transaction(self):
        self.number += 1
        self.history = [] if self.isolation is None else [Step(f"-- {self.isolation}, begun by AND CHAIN")]
        if self.isolation is None and self.random.random() < 0.35:
            self.string()
        else:
            self.block()
        self.observe("after the end")


@pytest.fixture(scope="module", autouse=True)
def tables(cluster):
    for schema in ("plain", *(f"plain_{user}" for user in USERS)):
        cluster.sql(f"CREATE SCHEMA {schema}")
    for _, table, schema, _ in PLACES:
        cluster.sql(f"CREATE TABLE {schema}.{table} ({key_of(table)} {'text' if table == 'tag' else 'bigint'} PRIMARY KEY, {COLUMNS})")
    for table in (*SHARED, "own"):
        key_type, kind = "text" if table == "tag" else "bigint", "user" if table == "own" else "shared"
        cluster.sql(f"CREATE TABLE {table} ({key_of(table)} {key_type} PRIMARY KEY, {COLUMNS}) USING kalamdb WITH (type = '{kind}')")
    for schema in ("plain", "public"):
        cluster.sql(f"CREATE TABLE {schema}.loc (id bigint, n int, UNIQUE (id) DEFERRABLE INITIALLY DEFERRED)")


def fill(cluster):
    """The same few rows on both sides."""
    for schema in ("plain", "public"):
        cluster.sql(f"TRUNCATE {schema}.loc")
    for _, table, schema, user in PLACES:
        key = "'k' || g" if table == "tag" else "g"
        for side in (schema, "public"):
            cluster.sql(f"DELETE FROM {side}.{table}", **{"kalam.user_id": user})
            cluster.sql(f"INSERT INTO {side}.{table} SELECT {key}, g, 'filled', g FROM generate_series(1, 8) g", **{"kalam.user_id": user})


@pytest.mark.parametrize("seed", SEEDS)
def test_transactions(cluster, seed):
    fill(cluster)
    play = Play(cluster, seed)
    try:
        for _ in range(TRANSACTIONS_PER_SEED):
            play.transaction()
    finally:
        play.close()
