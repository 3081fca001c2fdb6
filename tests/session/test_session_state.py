"""What a session keeps and drops: plans over changed tables and servers, held cursors, DISCARD, other users, parallel plans and JIT."""
import psycopg2
import pytest

from conftest import answer


@pytest.fixture
def cursor(cluster, connect):
    cluster.sql("CREATE SCHEMA kept")
    cluster.sql("CREATE TABLE kept.t (id bigint PRIMARY KEY, n int) USING kalamdb")
    cluster.sql("INSERT INTO kept.t SELECT g, g FROM generate_series(1, 9) g")
    with connect().cursor() as made:
        yield made
    cluster.sql("DROP SCHEMA kept CASCADE")


def test_plans_follow_the_table(cursor):
    cursor.execute("PREPARE one AS SELECT id, n FROM kept.t WHERE id = 1")
    cursor.execute("PREPARE change(int) AS UPDATE kept.t SET n = $1 WHERE id = 1 RETURNING n")
    assert answer(cursor, "EXECUTE one") == [(1, 1)]
    assert answer(cursor, "EXECUTE change(2)") == [(2,)]
    cursor.execute("ALTER TABLE kept.t ADD COLUMN extra int DEFAULT 4")
    assert answer(cursor, "EXECUTE one") == [(1, 2)]
    cursor.execute("ALTER TABLE kept.t DROP COLUMN extra")
    assert answer(cursor, "EXECUTE change(3)") == [(3,)]
    cursor.execute("ALTER FOREIGN TABLE kept.t RENAME COLUMN n TO m")
    with pytest.raises(psycopg2.errors.UndefinedColumn):
        cursor.execute("EXECUTE one")
    cursor.execute("ALTER FOREIGN TABLE kept.t RENAME COLUMN m TO n")
    assert answer(cursor, "EXECUTE one") == [(1, 3)]
    cursor.execute("DROP TABLE kept.t")
    with pytest.raises(psycopg2.errors.UndefinedTable):
        cursor.execute("EXECUTE one")


def test_plans_follow_the_server(cluster, cursor):
    cursor.execute(f"CREATE SERVER moved FOREIGN DATA WRAPPER pg_kalam OPTIONS (host '127.0.0.1', port '{cluster.kalam_port}', "
                   "auth_header 'Bearer test-token')")
    cursor.execute("CREATE TABLE kept.moved (id bigint PRIMARY KEY) USING kalamdb WITH (server = 'moved')")
    cursor.execute("PREPARE one AS SELECT id FROM kept.moved")
    assert answer(cursor, "EXECUTE one") == []
    cursor.execute("ALTER SERVER moved OPTIONS (SET port '1')")
    with pytest.raises(psycopg2.OperationalError):
        cursor.execute("EXECUTE one")
    cursor.execute(f"ALTER SERVER moved OPTIONS (SET port '{cluster.kalam_port}')")
    assert answer(cursor, "EXECUTE one") == []
    cursor.execute("DROP SERVER moved CASCADE")


def test_cursors(cluster, cursor):
    cursor.execute("BEGIN")
    cursor.execute("DECLARE held SCROLL CURSOR WITH HOLD FOR SELECT id FROM kept.t ORDER BY id")
    assert answer(cursor, "FETCH 2 FROM held") == [(1,), (2,)]
    cursor.execute("UPDATE kept.t SET id = id + 100")
    cursor.execute("COMMIT")
    assert answer(cursor, "FETCH 2 FROM held") == [(3,), (4,)], "the rows of when it was opened"
    assert answer(cursor, "FETCH ABSOLUTE 1 FROM held") == [(1,)]
    cursor.execute("CLOSE held")
    cursor.execute("BEGIN")
    cursor.execute("DECLARE untouched CURSOR FOR SELECT id FROM kept.t WHERE id < 103 ORDER BY id")
    cluster.sql("INSERT INTO kept.t VALUES (0, 0)")
    assert answer(cursor, "FETCH ALL FROM untouched") == [(101,), (102,)], "though nothing had been fetched yet"
    cursor.execute("DECLARE c CURSOR FOR SELECT id FROM kept.t FOR UPDATE")
    cursor.execute("FETCH 1 FROM c")
    with pytest.raises(psycopg2.errors.FeatureNotSupported):
        cursor.execute("DELETE FROM kept.t WHERE CURRENT OF c")
    cursor.execute("ROLLBACK")


def test_loops_that_commit(cursor):
    cursor.execute("""DO $$ DECLARE r record; BEGIN
        FOR r IN SELECT id FROM kept.t ORDER BY id LOOP UPDATE kept.t SET n = -1 WHERE id = r.id; COMMIT; END LOOP; END $$""")
    assert answer(cursor, "SELECT count(*) FROM kept.t WHERE n = -1") == [(9,)]
    cursor.execute("""DO $$ BEGIN FOR i IN 10 .. 14 LOOP INSERT INTO kept.t VALUES (i, i);
        IF i % 2 = 0 THEN COMMIT; ELSE ROLLBACK; END IF; END LOOP; END $$""")
    assert answer(cursor, "SELECT id FROM kept.t WHERE id > 9 ORDER BY id") == [(10,), (12,), (14,)]


def test_discard_and_other_users(cluster, cursor):
    cursor.execute("CREATE TABLE kept.u (id bigint PRIMARY KEY) USING kalamdb WITH (type = 'user')")
    cursor.execute("DROP ROLE IF EXISTS kept_role")
    cursor.execute("CREATE ROLE kept_role")
    cursor.execute("GRANT USAGE ON SCHEMA kept TO kept_role")
    cursor.execute("GRANT SELECT ON kept.u TO kept_role")
    cursor.execute("CREATE USER MAPPING FOR kept_role SERVER kalam_server OPTIONS (user_id 'pinned', auth_header 'Bearer test-token')")
    cursor.execute("SET kalam.user_id = 'alice'")
    cursor.execute("INSERT INTO kept.u VALUES (1)")
    cursor.execute("PREPARE mine AS SELECT id FROM kept.u")
    assert answer(cursor, "EXECUTE mine") == [(1,)]
    cursor.execute("SET SESSION AUTHORIZATION kept_role")
    assert answer(cursor, "EXECUTE mine") == [], "the same plan, another identity"
    cursor.execute("RESET SESSION AUTHORIZATION")
    assert answer(cursor, "EXECUTE mine") == [(1,)]
    cursor.execute("DISCARD ALL")
    assert answer(cursor, "SELECT kalam_user_id()") == [(None,)]
    with pytest.raises(psycopg2.errors.ObjectNotInPrerequisiteState):
        cursor.execute("SELECT id FROM kept.u")
    cursor.execute("DROP USER MAPPING FOR kept_role SERVER kalam_server")


def test_parallel_plans_and_jit(cursor):
    version = cursor.connection.server_version
    cursor.execute(f"SET {'debug_parallel_query' if version >= 160000 else 'force_parallel_mode'} = on")
    for setting in ("parallel_setup_cost", "parallel_tuple_cost", "min_parallel_table_scan_size", "jit_above_cost",
                    "jit_inline_above_cost", "jit_optimize_above_cost"):
        cursor.execute(f"SET {setting} = 0")
    cursor.execute("SET jit = on")
    cursor.execute("CREATE TABLE kept.plain AS SELECT g AS id FROM generate_series(1, 20) g")
    assert answer(cursor, "SELECT count(*), sum(n) FROM kept.t JOIN kept.plain USING (id)") == [(9, 45)]
    assert answer(cursor, "SELECT count(DISTINCT snowflake_id()) FROM kept.plain") == [(20,)]
    cursor.execute("UPDATE kept.t SET n = n + 1 WHERE id IN (SELECT id FROM kept.plain)")
    assert cursor.rowcount == 9
    assert answer(cursor, "SELECT state FROM kalam_status()") == [("ready",)]
