"""Where the rows of test_transaction_oracle.py are, which keys they have, and what a step of a transaction is. Used by that test and
by oracle_steps.py."""
import dataclasses

USERS = ["alice", "bob"]
SHARED = ["acc", "bag", "tag"]

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
        """A key that is free, often one that was in use before or that the transaction has deleted."""
        taken = self.taken(table)
        gone = sorted({key for its, key in self.gone if its == table} - set(self.of(table))
                      - {key for its, key in {k[1:] for k in self.present} | self.reserved if its == table})
        key = self.random.choice(gone) if gone and self.random.random() < 0.3 else next(k for k in iter(lambda: self.make(table, self.random.randint(1, 60 + 2 * len(taken))), None) if k not in taken)
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
