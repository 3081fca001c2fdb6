"""Whatever is asked of the server gives the rows that PostgreSQL finds by itself: generated queries run on KalamDB tables, where conditions,
keys and counts may be pushed, and on local copies, where nothing is. Over NULLs, extremes, unicode and an empty table.
"""
import random

import pytest

QUERIES = 500
COLUMNS = {
    "id": ["0", "1", "-1", "17", "9223372036854775807", "-9223372036854775808"],
    "flag": ["true", "false"],
    "small": ["0", "-32768", "32767", "7"],
    "n": ["0", "-2147483648", "2147483647", "42"],
    "t": ["''", "'a'", "'A'", "'é'", "E'e\\u0301'", "'日本 🌱'", "'a '", "' a'", "E'quo''te\"\\\\'", "'%'", "'NULL'", "'1'", "'true'"],
    "vc": ["''", "'a'", "'ä'"],
    "dec": ["0", "3.50", "3.5", "-99999.99"],
    "d": ["'2024-02-29'", "'0001-01-01'"],
    "u": ["'6f1c0c1e-9a43-4c1f-8b7e-3a5d8f0e2b11'", "'00000000-0000-0000-0000-000000000000'"],
    "f": ["0", "0.1", "-1e300"],
}
TYPES = ("id bigint PRIMARY KEY, flag boolean, small smallint, n integer, t text, vc varchar(10), dec numeric(7,2), d date, u uuid, "
         "f double precision")


@pytest.fixture(scope="module", autouse=True)
def tables(cluster):
    rng = random.Random(4)
    keys = [0, 1, -1, 17, 2**63 - 1, -2**63, *range(100, 250)]
    rows = ", ".join(
        f"({key}, {', '.join('NULL' if rng.random() < 0.2 else rng.choice(values) for name, values in COLUMNS.items() if name != 'id')})"
        for key in keys)
    for name in ("filled", "empty"):
        cluster.sql(f"CREATE TABLE {name} ({TYPES}) USING kalamdb WITH (type = 'shared')")
        if name == "filled":
            cluster.sql(f"INSERT INTO {name} VALUES {rows}")
        cluster.sql(f"CREATE TABLE {name}_local AS SELECT {', '.join(COLUMNS)} FROM {name}")


def comparison(rng, alias):
    column = rng.choice(["id", "id", *COLUMNS])
    values = COLUMNS[column]
    left, value = f"{alias}.{column}", rng.choice(values)
    form = rng.randrange(10)
    if form < 4:
        return f"{left} = {value}"
    if form == 4:
        return f"{value} = {left}"
    if form == 5:
        return f"{left} IN ({', '.join(rng.sample(values, min(3, len(values))))}{rng.choice(['', ', NULL'])})"
    if form == 6:
        return f"{left} IS {rng.choice(['', 'NOT '])}NULL"
    if form == 7:
        return f"{left} {rng.choice(['<', '>=', '<>', 'IS DISTINCT FROM'])} {value}"
    if form == 8 and column in ("id", "n", "small"):
        return f"{left} = ANY(ARRAY[{', '.join(rng.sample(values, 2))}]::bigint[])"
    if column in ("id", "n", "small", "t"):
        return f"{left} = (SELECT {value})"
    return f"NOT coalesce({left} = {value}, false)"


def condition(rng, alias):
    parts = [comparison(rng, alias) for _ in range(rng.choice([1, 1, 2, 3]))]
    return rng.choice([" AND ", " AND ", " OR "]).join(parts)


def query(rng):
    """SQL with {x} where the suffix of the local copies goes."""
    table = rng.choice(["filled", "filled", "filled", "empty"])
    where = condition(rng, "x")
    form = rng.randrange(8)
    if form == 0:
        return f"SELECT count(*) FROM {table}{{x}} x" + rng.choice(["", f" WHERE {where}"])
    if form == 1:
        return f"SELECT count(x.t), min(x.n), max(x.d), bool_or(x.flag) FROM {table}{{x}} x WHERE {where}"
    if form == 2:
        return f"SELECT x.id, y.t FROM {table}{{x}} x JOIN filled{{x}} y ON y.id = x.n WHERE {where}"
    if form == 3:
        return f"SELECT v.k, x.t FROM (VALUES (17::bigint), (101), (NULL), (-1)) v(k) LEFT JOIN {table}{{x}} x ON x.id = v.k"
    if form == 4:
        return f"SELECT x.id FROM {table}{{x}} x WHERE {where} ORDER BY x.t COLLATE \"C\" NULLS FIRST, x.id LIMIT 5"
    return f"SELECT {rng.choice(['x.id', 'x.t', ', '.join('x.' + c for c in COLUMNS)])} FROM {table}{{x}} x WHERE {where}"


@pytest.mark.parametrize("mode", ["custom", "generic"])
def test_generated_queries_give_what_local_copies_give(connect, mode):
    rng = random.Random(11)
    with connect().cursor() as cursor:
        cursor.execute(f"SET plan_cache_mode = force_{mode}_plan")
        rows_seen = 0
        for number in range(QUERIES):
            sql = query(rng)
            answers = []
            for suffix in ("", "_local"):
                cursor.execute(f"PREPARE q AS {sql.replace('{x}', suffix)}")
                cursor.execute("EXECUTE q")
                answers.append(sorted(map(repr, cursor.fetchall())))
                cursor.execute("DEALLOCATE q")
            assert answers[0] == answers[1], f"query {number}: {sql}"
            rows_seen += len(answers[0])
    assert rows_seen > QUERIES, "too few of the queries find anything"
