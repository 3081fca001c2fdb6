"""Generated transactions run on KalamDB tables and, at the same time, on plain PostgreSQL tables of the same shape. After every
statement the command tag, the rows and the SQLSTATE must be the same; at any time another session must see the same in all tables.

A transaction is a block of 1 to 12 steps, or several statements in one string; each test runs ten of them from one seed, so that a
failure repeats, and its message has the statements of the transaction. By default there are 150 transactions; for more:

    KALAM_ORACLE_TRANSACTIONS=5000          how many (more seeds of ten transactions each)
    KALAM_ORACLE_SEED=1000                  the first seed

Left out, because KalamDB differs by contract:
* keys inserted twice outside subtransactions, which fail at COMMIT, and keys that the transaction has deleted, which the server does not
  take again before its end (class Keys knows them);
* writes to shared and to user tables in one transaction, and at REPEATABLE READ and above reads of both (a transaction's `group`);
* rows for the table `tag`, whose key is not called id, in a transaction that does anything else with it, that has changed another table,
  at REPEATABLE READ, or in a subtransaction (the group "keyed"; elsewhere its rows are changed and deleted only);
* what others commit meanwhile: a transaction that has changed a table reads it as of the remote transaction's begin.
"""
import dataclasses
import os
import random

import psycopg
import pytest

TRANSACTIONS_PER_SEED = 10
TRANSACTIONS = int(os.environ.get("KALAM_ORACLE_TRANSACTIONS", "150"))
FIRST_SEED = int(os.environ.get("KALAM_ORACLE_SEED", "0"))
SEEDS = range(FIRST_SEED, FIRST_SEED + -(-TRANSACTIONS // TRANSACTIONS_PER_SEED))

SHOWN = 10_000  # characters of each result in a failure's message
USERS = ["alice", "bob"]
SHARED = ["acc", "bag", "tag"]
COLUMNS = "n int NOT NULL, body text DEFAULT 'none', amount numeric(10,2)"
BODIES = ["", "plain", "grün 🌱", "O'Hara", 'back\\slash "quoted"\ttab', "long " * 100, None]
AMOUNTS = ["NULL", "0", "0.10", "-12345.67", "99999999.99"]
ERRORS = ["SELECT 1 / 0", "DO $$ BEGIN RAISE EXCEPTION 'on purpose'; END $$", "SELECT nothing FROM acc"]

# Each place that rows are in: its name, the table, its schema on the plain side, and the user whose rows they are.
PLACES = [(table, table, "plain", USERS[0]) for table in SHARED] + [(f"own of {u}", "own", f"plain_{u}", u) for u in USERS]


@dataclasses.dataclass(frozen=True)
class Step:
    sql: str
    params: tuple = None   # where it is to be prepared
    plain: str = None      # the SQL on the plain side, where it differs
    data: str = None       # COPY FROM STDIN: what is sent
    ordered: bool = False  # the rows' order matters

    def __str__(self):
        parts = [self.sql, f"-- {self.params}" if self.params else "", f"-- {self.data!r}" if self.data else ""]
        return " ".join(part for part in parts if part)


def literal(value):
    return "NULL" if value is None else str(value) if isinstance(value, int) else "'" + value.replace("'", "''") + "'"


def key_of(table):
    return "sku" if table == "tag" else "id"


class Keys:
    """The keys there are, as the plain side shows them, and those that the open transaction has deleted."""

    def __init__(self, rng):
        self.random = rng
        self.present = set()   # (place, table, key)
        self.gone = set()      # (table, key)
        self.reserved = set()  # (table, key): given to the step being made
        self.savepoints = []   # (name, gone at that time)
        self.prefixes = 0

    def of(self, table):
        return sorted({key for _, its, key in self.present if its == table} - {key for its, key in self.gone if its == table})

    def taken(self, table):
        return {key for its, key in {k[1:] for k in self.present} | self.gone | self.reserved if its == table}

    def make(self, table, number):
        return (f"k{number}" if number % 3 else f"ü'{number}") if table == "tag" else number

    def new(self, table):
        """A key that is free, often one that was in use before."""
        taken = self.taken(table)
        key = next(k for k in iter(lambda: self.make(table, self.random.randint(1, 60 + 2 * len(taken))), None) if k not in taken)
        self.reserved.add((table, key))
        return key

    def new_range(self, table, count):
        taken = self.taken(table)
        first = next(f for f in iter(lambda: self.random.randint(1, 100_000), None) if taken.isdisjoint(range(f, f + count)))
        self.reserved |= {(table, key) for key in range(first, first + count)}
        return first

    def new_prefix(self):
        """What text keys can begin with to be new."""
        self.prefixes += 1
        return f"p{self.prefixes} "

    def shift_for(self, target, source):
        """A number that makes new keys of all keys of the source."""
        keys, taken = self.taken(source), self.taken(target)
        shift = next(s for s in iter(lambda: self.random.randint(1, 1_000_000), None) if taken.isdisjoint(k + s for k in keys))
        self.reserved |= {(target, key + shift) for key in keys}
        return shift

    def old(self, table):
        """A key that there is, now and then one that there is not."""
        known = self.of(table)
        return self.random.choice(known) if known and self.random.random() < 0.9 else self.make(table, self.random.randint(1, 60))

    def note(self, present):
        """A step has run and has left these keys."""
        known = {k[1:] for k in present}
        self.gone |= {k[1:] for k in self.present - present} | {k for k in self.reserved if k not in known}
        self.present = present
        self.reserved = set()

    def begin(self, present):
        self.present, self.gone, self.reserved, self.savepoints = present, set(), set(), []

    def savepoint(self, name):
        self.savepoints.append((name, set(self.gone)))

    def position(self, name):
        return max(i for i, (its, _) in enumerate(self.savepoints) if its == name)

    def rollback_to(self, name, present):
        self.savepoints = self.savepoints[:self.position(name) + 1]
        self.present, self.gone, self.reserved = present, set(self.savepoints[-1][1]), set()

    def release(self, name):
        self.savepoints = self.savepoints[:self.position(name)]


class Generator:
    """Makes the steps of transactions, one by one, for what was done before decides what may come."""

    def __init__(self, rng, keys, prepared):
        self.random, self.keys, self.prepared = rng, keys, prepared
        self.big = False  # rows of more than one request have been made

    def begin(self, snapshot, in_string):
        self.snapshot, self.in_string = snapshot, in_string
        self.group = self.random.choice(["shared", "shared", "user"] + ([] if snapshot else ["keyed"]))
        self.truncated = False

    # ---- what the group allows

    def targets(self):
        return {"shared": ["acc", "bag"], "user": ["own"], "keyed": ["tag"]}[self.group]

    def changed(self):
        return {"shared": ["acc", "acc", "bag", "bag", "tag"], "user": ["own"], "keyed": []}[self.group]

    def read(self):
        if self.snapshot:
            return {"shared": SHARED, "user": ["own"]}[self.group]
        return [table for table in [*SHARED, "own"] if self.group != "keyed" or table != "tag"]

    def read_by_id(self):
        return [table for table in self.read() if table != "tag"]

    def depth(self):
        return len(self.keys.savepoints)

    def may_insert(self):
        return self.group != "keyed" or self.depth() == 0

    # ---- parts of statements

    def one_of(self, *choices):
        return self.random.choice(choices)

    def arg(self, value):
        if self.params is None:
            return literal(value)
        self.params.append(value)
        return "%s"

    def number(self):
        return self.random.randint(0, 9)

    def values(self):
        return f"{self.arg(self.number())}, {self.arg(self.random.choice(BODIES))}, {self.random.choice(AMOUNTS)}"

    def row(self, table, key):
        return f"({self.arg(key)}, {self.values()})"

    def condition(self, table, x=""):
        key = f"{x}{key_of(table)}"
        kind = self.random.randint(0, 9)
        if kind < 4:
            return f"{key} = {self.arg(self.keys.old(table))}"
        if kind < 5:
            return f"{key} IN ({self.arg(self.keys.old(table))}, {self.arg(self.keys.old(table))})"
        if kind < 6:
            low, high = sorted([self.keys.old(table), self.keys.old(table)])
            return f"{key} BETWEEN {self.arg(low)} AND {self.arg(high)}"
        return self.one_of(f"{x}n > 4", f"{x}n = 5", f"{x}body = 'plain'", f"{x}body IS NULL", f"{x}amount > 0", "true")

    def assignment(self):
        return self.one_of("n = 5", "n = n + 1", "n = n + 1, body = body || '!'", "body = 'new'", "body = NULL, amount = 1.5",
                           "amount = amount * 2", "n = 100 / (n - 5)")

    def returning(self, table):
        may = self.group != "keyed" and not self.in_do and self.random.random() < 0.2
        return f" RETURNING {key_of(table)}, n, body, amount" if may else ""

    # ---- statements; all take parameters, so that parts must be made in the order of the text

    def insert(self):
        table = self.random.choice(self.targets())
        rows = [self.row(table, self.keys.new(table)) for _ in range(self.one_of(1, 1, 1, 2, 5))]
        return f"INSERT INTO {table} VALUES {', '.join(rows)}{self.returning(table)}"

    def insert_series(self):
        table = self.random.choice(self.targets())
        count = self.random.randint(1, 20)
        first = self.keys.new_range(table, count)
        key = f"'{self.keys.new_prefix()}' || g" if table == "tag" else "g"
        n = self.one_of("g", "g", "g", f"10 / (g - {first + count // 2})")
        return f"INSERT INTO {table} SELECT {key}, {n}, 'series', {self.random.choice(AMOUNTS)} FROM generate_series({first}, {first + count - 1}) g"

    def insert_big(self):
        """Rows that do not fit one request; once in a play, for all that follows is slower."""
        table, self.big = self.random.choice(self.targets()), True
        first = self.keys.new_range(table, 40)
        return f"INSERT INTO {table} SELECT g, 1, repeat('x', 150000), 0 FROM generate_series({first}, {first + self.random.randint(10, 39)}) g"

    def insert_from_table(self):
        table, source = self.random.choice(self.targets()), self.random.choice(self.read_by_id())
        key = f"'{self.keys.new_prefix()}' || id" if table == "tag" else f"id + {self.keys.shift_for(table, source)}"
        return f"INSERT INTO {table} SELECT {key}, n, body, amount FROM {source} WHERE {self.condition(source)}"

    def insert_if_new(self):
        table = self.random.choice(self.targets())
        known = [] if self.in_do else self.keys.of(table)  # which a statement before it in the DO block may delete
        keys = [self.keys.new(table), *self.random.sample(known, min(len(known), self.number() % 3))]
        keys += keys[:self.number() % 2]
        rows = [self.row(table, key) for key in keys]
        return f"INSERT INTO {table} VALUES {', '.join(rows)} ON CONFLICT DO NOTHING{self.returning(table)}"

    def insert_duplicate(self):
        """In a subtransaction only: there a duplicate is found at once."""
        table = self.random.choice(self.targets())
        known = self.keys.of(table)
        keys = [self.keys.new(table), self.random.choice(known)] if known else [self.keys.new(table)] * 2
        return f"INSERT INTO {table} VALUES {', '.join(self.row(table, key) for key in keys)}"

    def update(self):
        table = self.random.choice(self.changed())
        return f"UPDATE {table} SET {self.assignment()} WHERE {self.condition(table)}{self.returning(table)}"

    def update_key(self):
        table = self.random.choice(self.targets())
        if self.random.random() < 0.2:
            return f"UPDATE {table} SET id = id + {self.keys.shift_for(table, table)} WHERE {self.condition(table)}"
        return f"UPDATE {table} SET id = {self.arg(self.keys.new(table))} WHERE id = {self.arg(self.keys.old(table))}"

    def update_from(self):
        table, source = self.random.choice(self.targets()), self.random.choice(self.read_by_id())
        return f"UPDATE {table} x SET n = y.n, body = y.body FROM {source} y WHERE y.id = x.id AND {self.condition(source, 'y.')}"

    def delete(self):
        table = self.random.choice(self.changed())
        return f"DELETE FROM {table} WHERE {self.condition(table)}{self.returning(table)}"

    def delete_using(self):
        table, source = self.random.choice(self.targets()), self.random.choice(self.read_by_id())
        return f"DELETE FROM {table} x USING {source} y WHERE y.id = x.id AND {self.condition(source, 'y.')}"

    def move(self):
        table, source = self.random.choice(self.targets()), self.random.choice(self.targets())
        shift = self.keys.shift_for(table, source)
        return (f"WITH gone AS (DELETE FROM {source} WHERE {self.condition(source)} RETURNING id, n, body, amount) "
                f"INSERT INTO {table} SELECT id + {shift}, n, body, amount FROM gone")

    def insert_and_look(self):
        table = self.random.choice(self.targets())
        return f"WITH new AS (INSERT INTO {table} VALUES {self.row(table, self.keys.new(table))} RETURNING id) SELECT count(*), (SELECT id FROM new) FROM {table}"

    def select(self):
        table = self.random.choice(self.read())
        columns = self.one_of(f"{key_of(table)}, n, body, amount", f"{key_of(table)}, n, body, amount", "n", "count(*)", "count(*), sum(n), max(body)")
        return f"SELECT {columns} FROM {table} WHERE {self.condition(table)}"

    def select_join(self):
        left, right = self.random.choice(self.read_by_id()), self.random.choice(self.read_by_id())
        return self.one_of(f"SELECT x.id, y.n, y.body FROM {left} x JOIN {right} y ON y.id = x.id",
                           f"SELECT x.id, y.amount FROM {left} x LEFT JOIN {right} y USING (id) WHERE x.n > 3",
                           f"SELECT id, n FROM {left} x WHERE NOT EXISTS (SELECT 1 FROM {right} y WHERE y.id = x.id)",
                           f"SELECT id FROM {left} EXCEPT SELECT id FROM {right}")

    def local(self):
        """The local table's keys are checked at COMMIT, so that both sides may fail there."""
        read = self.random.choice(self.read_by_id())
        return self.one_of(f"INSERT INTO loc VALUES ({self.random.randint(1, 200)}, 1)", "UPDATE loc SET n = n + 1", "SELECT id, n FROM loc",
                           f"INSERT INTO loc SELECT {self.random.randint(1, 10**8)} + id, n FROM {read}", "DELETE FROM loc WHERE n > 1")

    def failing(self):
        table = self.random.choice(self.targets())
        return self.one_of(*ERRORS, *([] if self.in_string else ["ROLLBACK TO SAVEPOINT nowhere"]),
                           f"INSERT INTO {table} VALUES ({literal(self.keys.new(table))}, NULL)",
                           f"INSERT INTO {table} VALUES ({literal(self.keys.new(table))}, 1, 'x', 1e10)")

    # ---- steps

    def statement(self):
        """One statement in the words that a DO block takes too."""
        reads = [self.select, self.select, self.select, self.select_join]
        inserts = [self.insert] * 6 + [self.insert_series, self.insert_from_table] if self.may_insert() else []
        changes = [self.update, self.update, self.update, self.update_key, self.update_from, self.delete, self.delete_using, self.move]
        looks = [self.insert_and_look, self.insert_if_new] if self.group != "keyed" else []
        return self.random.choice(reads + inserts + [self.local] + looks + (changes if self.group != "keyed" else []))()

    def for_do(self, inner):
        """A statement for a DO block; a SELECT must go somewhere there."""
        sql = inner()
        return f"PERFORM * FROM ({sql}) q;" if sql.startswith("SELECT") else f"{sql};" if not sql.startswith("WITH") else "NULL;"

    def do_block(self):
        one, two = self.for_do(self.statement), self.for_do(self.statement)
        if self.group == "keyed":
            return f"DO $$ BEGIN {one} {two} END $$"
        return f"DO $$ BEGIN {self.one_of(self.do_handler, self.do_again, self.do_loop, self.do_duplicate, self.do_walk)()} {one} {two} END $$"

    def do_handler(self):
        one, two = self.for_do(self.statement), self.for_do(self.statement)
        return f"{one} BEGIN {two} {self.one_of('PERFORM 1 / 0;', '')} EXCEPTION WHEN division_by_zero THEN {self.for_do(self.statement)} END;"

    def do_again(self):
        table = self.random.choice(self.targets())
        key = self.keys.new(table)
        return (f"BEGIN INSERT INTO {table} VALUES {self.row(table, key)}; PERFORM 1 / 0; "
                f"EXCEPTION WHEN division_by_zero THEN INSERT INTO {table} VALUES {self.row(table, key)}; END;")

    def do_loop(self):
        table = self.random.choice(self.targets())
        first = self.keys.new_range(table, 8)
        return (f"FOR i IN {first} .. {first + 7} LOOP BEGIN INSERT INTO {table} VALUES (i, i, 'loop', 1); "
                f"PERFORM 1 / (i % {self.one_of(2, 3, 100)}); EXCEPTION WHEN division_by_zero THEN NULL; END; END LOOP;")

    def do_duplicate(self):
        table = self.random.choice(self.targets())
        return (f"BEGIN {self.insert_duplicate()}; "
                f"EXCEPTION WHEN unique_violation THEN UPDATE {table} SET n = n + 1 WHERE {self.condition(table)}; END;")

    def do_walk(self):
        table = self.random.choice(self.targets())
        return f"DECLARE r record; BEGIN FOR r IN SELECT id FROM {table} LOOP UPDATE {table} SET n = n + 1 WHERE id = r.id; END LOOP; END;"

    def copy(self):
        if self.random.random() < 0.3:
            table = self.random.choice(self.read())
            return Step(f"COPY (SELECT {key_of(table)}, n, body FROM {table}) TO STDOUT")
        table = self.random.choice(self.targets())
        lines = [f"{self.keys.new(table)}\t{self.number()}\tcopied\t\\N\n" for _ in range(self.random.randint(0, 6))]
        bad = [f"{self.keys.new(table)}\tnot a number\t\\N\t\\N\n"] if self.random.random() < 0.15 else []
        return Step(f"COPY {table} ({key_of(table)}, n, body, amount) FROM STDIN", data="".join(lines + bad))

    def truncate(self):
        self.truncated = True
        return Step("TRUNCATE " + self.one_of(*self.changed(), ", ".join(sorted(set(self.changed())))))

    def limited(self):
        table = self.random.choice(self.read())
        return Step(f"SELECT {key_of(table)}, n FROM {table} WHERE n > 1 ORDER BY n DESC, {key_of(table)} COLLATE \"C\" LIMIT 3 OFFSET 1"
                    if table == "tag" else f"SELECT id, body FROM {table} ORDER BY n, id LIMIT 4", ordered=True)

    def switch_user(self):
        user = self.random.choice(USERS)
        return Step(f"SET LOCAL kalam.user_id = '{user}'", plain=f"SET LOCAL search_path = plain, plain_{user}")

    def savepoint(self):
        names = [name for name, _ in self.keys.savepoints]
        kind = self.one_of("SAVEPOINT", "SAVEPOINT", "ROLLBACK TO", "RELEASE") if names else "SAVEPOINT"
        return Step(f"{kind} {self.random.choice(names) if kind != 'SAVEPOINT' else self.one_of('s1', 's2', 's3')}")

    def made(self, make, prepared):
        """A statement with parameters, or with its values in the text."""
        self.params, self.in_do = [] if prepared else None, make == self.do_block
        sql = make()
        return Step(sql, params=tuple(self.params) if self.params else None)

    def step(self, failed):
        if failed and self.keys.savepoints and self.random.random() < 0.7:
            return Step(f"ROLLBACK TO {self.random.choice(self.keys.savepoints)[0]}")
        kind = self.random.random()
        if kind < 0.15 and not self.in_string:
            return self.savepoint()
        if kind < 0.23:
            return self.made(self.do_block, False)
        if kind < 0.26 and not self.in_string and self.may_insert():
            return self.copy()
        if kind < 0.28 and self.group != "keyed":
            return self.truncate()
        if kind < 0.31:
            return self.limited()
        if kind < 0.36 and (self.group == "user" or not self.snapshot):
            return self.switch_user()
        if kind < 0.40:
            return self.made(self.failing, False)
        if kind < 0.43 and self.depth() and self.group != "keyed":
            return self.made(self.insert_duplicate, self.prepared)
        if kind < 0.435 and not self.big and self.group != "keyed":
            return self.made(self.insert_big, False)
        return self.made(self.statement, self.prepared)


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

    def results(self, step):
        sql = step.plain if step.plain and self.side == "plain" else step.sql
        cursor = self.connection.cursor()
        if sql.startswith("COPY"):
            with cursor.copy(sql) as copy:
                if step.data is None:
                    rows = sorted("".join(bytes(block).decode() for block in copy).splitlines())
                else:
                    rows = copy.write(step.data)
            return [(cursor.statusmessage, rows)]
        cursor.execute(sql, step.params, prepare=self.prepared and not step.ordered)
        results = []
        while True:
            rows = [str(row) for row in cursor.fetchall()] if cursor.description else None
            results.append((cursor.statusmessage, rows if step.ordered or rows is None else sorted(rows)))
            if not cursor.nextset():
                return results

    def run(self, step):
        """([(command tag, rows)], None), or the SQLSTATE and the error."""
        try:
            return self.results(step), None
        except psycopg.Error as error:
            return error.sqlstate, error

    def rows(self, sql):
        return self.connection.execute(sql).fetchall()


KEYS_THERE_ARE = " UNION ALL ".join(
    f"SELECT '{place}', '{table}', {'NULL, sku' if table == 'tag' else 'id, NULL'} FROM {schema}.{table}" for place, table, schema, _ in PLACES)


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
        self.plain.rows("SELECT 1")
        self.plain.connection.execute("BEGIN")
        self.keys.begin(self.present())
        self.generator.begin(False, True)
        self.generator.prepared, prepared = False, self.generator.prepared
        steps, want = [], []
        for _ in range(self.random.choice([1, 1, 2, 3, 5])):
            steps.append(self.generator.step(False))
            result, _ = self.plain.run(steps[-1])
            want = want + result if isinstance(result, list) else result
            if self.plain.failed():
                break
            self.note(steps[-1])
        self.generator.prepared = prepared
        result, _ = self.plain.run(Step("COMMIT"))
        self.run_string(steps, want if isinstance(result, list) else result)

    def run_string(self, steps, want):
        step = Step("; ".join(step.sql for step in steps))
        self.history.append(step)
        self.kalam.prepared, prepared = False, self.kalam.prepared
        got, error = self.kalam.run(step)
        self.kalam.prepared = prepared
        if isinstance(got, list):
            got = [(tag, sorted(rows) if rows is not None else None) for tag, rows in got]
        if isinstance(want, list):
            want = [(tag, sorted(rows) if rows is not None else None) for tag, rows in want]
        self.check(got, want, "the string differs", error)

    def transaction(self):
        self.number += 1
        self.history = [] if self.isolation is None else [Step(f"-- {self.isolation}, begun by AND CHAIN")]
        if self.isolation is None and self.random.random() < 0.2:
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
