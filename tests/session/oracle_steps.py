"""Random transactions, step by step, for test_transaction_oracle.py, which says what they leave out."""
from oracle_keys import SHARED, USERS, Keys, Step, key_of, literal

BODIES = ["", "plain", "grün 🌱", "O'Hara", 'back\\slash "quoted"\ttab', "long " * 100, None]
AMOUNTS = ["NULL", "0", "0.10", "-12345.67", "99999999.99"]
ERRORS = ["SELECT 1 / 0", "DO $$ BEGIN RAISE EXCEPTION 'on purpose'; END $$", "SELECT nothing FROM acc"]


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
        return (f"INSERT INTO {table} SELECT {key}, {n}, 'series', {self.random.choice(AMOUNTS)} "
                f"FROM generate_series({first}, {first + count - 1}) g")

    def insert_big(self):
        """Rows that do not fit one request; once in a play, for all that follows is slower."""
        table, self.big = self.random.choice(self.targets()), True
        first = self.keys.new_range(table, 40)
        last = first + self.random.randint(10, 39)
        return f"INSERT INTO {table} SELECT g, 1, repeat('x', 150000), 0 FROM generate_series({first}, {last}) g"

    def insert_from_table(self):
        table, source = self.random.choice(self.targets()), self.random.choice(self.read_by_id())
        key = f"'{self.keys.new_prefix()}' || id" if table == "tag" else f"id + {self.keys.shift_for(table, source)}"
        # Rows for tag must fit one request.
        small = " AND length(body) < 1000" if table == "tag" and self.big else ""
        return f"INSERT INTO {table} SELECT {key}, n, body, amount FROM {source} WHERE {self.condition(source)}{small}"

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
        return (f"WITH new AS (INSERT INTO {table} VALUES {self.row(table, self.keys.new(table))} RETURNING id) "
                f"SELECT count(*), (SELECT id FROM new) FROM {table}")

    def select(self):
        table = self.random.choice(self.read())
        rows = f"{key_of(table)}, n, body, amount"
        columns = self.one_of(rows, rows, "n", "count(*)", "count(*), sum(n), max(body)")
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
        return self.one_of(f"INSERT INTO loc VALUES ({self.random.randint(1, 20)}, 1)", "UPDATE loc SET n = n + 1", "SELECT id, n FROM loc",
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
        """A statement for a DO block, where the rows of one must go somewhere."""
        sql = inner()
        if sql.startswith("WITH"):
            return f"EXECUTE {literal(sql)};"
        return f"PERFORM * FROM ({sql}) q;" if sql.startswith("SELECT") else f"{sql};"

    def do_block(self):
        one, two = self.for_do(self.statement), self.for_do(self.statement)
        if self.group == "keyed":
            return f"DO $$ BEGIN {one} {two} END $$"
        body = self.one_of(self.do_handler, self.do_handler, self.do_again, self.do_loop, self.do_duplicate, self.do_walk)
        return f"DO $$ BEGIN {body()} {self.one_of('', one, one + ' ' + two)} END $$"

    def do_handler(self):
        before, tried, instead = (self.for_do(self.statement) for _ in range(3))
        return (f"{self.one_of('', before)} BEGIN {tried} {self.one_of('PERFORM 1 / 0;', '')} "
                f"EXCEPTION WHEN division_by_zero THEN {self.one_of('NULL;', instead)} END;")

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
        first = self.one_of("n", "n DESC", "amount", "body")
        return Step(f"SELECT {key_of(table)}, n FROM {table} WHERE n > 1 ORDER BY {first}, {key_of(table)} LIMIT 4 OFFSET 1", ordered=True)

    def switch_user(self):
        user = self.random.choice(USERS)
        return Step(f"SET LOCAL kalam.user_id = '{user}'", plain=f"SET LOCAL search_path = plain, plain_{user}")

    def savepoint(self):
        names = [name for name, _ in self.keys.savepoints]
        kind = self.one_of("SAVEPOINT", "SAVEPOINT", "ROLLBACK TO", "RELEASE") if names else "SAVEPOINT"
        return Step(f"{kind} {self.random.choice(names) if kind != 'SAVEPOINT' else self.one_of('s1', 's2', 's3')}")

    def made(self, make, prepared):
        """A statement with parameters, or with its values in the text."""
        self.params, self.in_do = [] if prepared and not self.in_string else None, make == self.do_block
        sql = make()
        return Step(sql, params=tuple(self.params) if self.params else None)

    def lone_step(self):
        """What is a transaction by itself, which a DO block makes more than one statement."""
        return self.made(self.do_block, False) if self.random.random() < 0.7 else self.step(False)

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
