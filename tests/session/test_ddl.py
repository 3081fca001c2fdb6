"""DDL at the ends of transactions: what COMMIT and ROLLBACK leave on the server, cascades, dumps, dead and hanging servers."""
import os
import subprocess

import psycopg2
import pytest

from conftest import wait_for



def remote_tables(cluster, namespace):
    rows = cluster.sql(
        "SELECT string_agg(t ->> 'table_name', ' ' ORDER BY t ->> 'table_name') FROM json_array_elements(kalam_exec("
        "format('SELECT table_name FROM system.tables WHERE namespace_id = %%L LIMIT 1000', %s))::json) AS t", namespace)
    return rows[0][0] or ""


def remote_columns(cluster, namespace, table):
    rows = cluster.sql(
        "SELECT string_agg(c ->> 'column_name', ' ' ORDER BY (c ->> 'ordinal')::int) FROM json_array_elements(kalam_exec("
        "format('SELECT column_name, ordinal FROM system.columns WHERE namespace_id = %%L AND table_name = %%L LIMIT 1000', %s, %s)"
        ")::json) AS c WHERE c ->> 'column_name' NOT LIKE '\\_%%'", namespace, table)
    return rows[0][0]


def execute(connection, *statements):
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def test_rollback_of_create_leaves_no_remote_table(cluster, connect):
    session = connect(autocommit=False)
    execute(session, "CREATE SCHEMA back", "CREATE TABLE back.t (id int PRIMARY KEY) USING kalamdb")
    assert remote_tables(cluster, "back") == "t"
    session.rollback()
    assert remote_tables(cluster, "back") == ""


def test_a_session_that_ends_in_its_transaction_leaves_no_remote_table(cluster):
    session = cluster.connect(autocommit=False)
    execute(session, "CREATE SCHEMA lost", "CREATE TABLE lost.t (id int PRIMARY KEY) USING kalamdb")
    session.close()
    wait_for(lambda: remote_tables(cluster, "lost") == "", what="the remote table is dropped")


def test_failing_commit_undoes_create(cluster, connect):
    session = connect(autocommit=False)
    execute(session, "CREATE SCHEMA broken", "CREATE TABLE broken.t (id int PRIMARY KEY) USING kalamdb",
            "CREATE TABLE broken.plain (id int PRIMARY KEY DEFERRABLE INITIALLY DEFERRED)", "INSERT INTO broken.plain VALUES (1), (1)")
    with pytest.raises(psycopg2.errors.UniqueViolation):
        session.commit()
    assert remote_tables(cluster, "broken") == ""


def test_drop_happens_at_commit(cluster, connect):
    cluster.sql("CREATE SCHEMA gone")
    for name in "abc":
        cluster.sql(f"CREATE TABLE gone.{name} (id int PRIMARY KEY, x int) USING kalamdb")
    session = connect(autocommit=False)
    execute(session, "DROP TABLE gone.a", "ALTER TABLE gone.b DROP COLUMN x")
    session.rollback()
    assert remote_tables(cluster, "gone") == "a b c"
    execute(session, "DROP TABLE gone.a", "ALTER TABLE gone.b DROP COLUMN x")
    assert remote_tables(cluster, "gone") == "a b c" and remote_columns(cluster, "gone", "b") == "id x"
    session.commit()
    assert remote_tables(cluster, "gone") == "b c" and remote_columns(cluster, "gone", "b") == "id"
    cluster.sql("DROP TABLE IF EXISTS gone.b, gone.c, gone.nosuch")
    assert remote_tables(cluster, "gone") == ""


def test_drop_with_rows_written_before(cluster, connect):
    cluster.sql("CREATE TABLE public.written (id bigint PRIMARY KEY) USING kalamdb")
    session = connect(autocommit=False)
    execute(session, "INSERT INTO written VALUES (1)", "DROP TABLE written")
    session.commit()
    assert "written" not in remote_tables(cluster, "public").split()


def test_dropped_and_created_again(cluster, connect):
    cluster.sql("CREATE SCHEMA again")
    cluster.sql("CREATE TABLE again.t (id int PRIMARY KEY) USING kalamdb")
    session = connect(autocommit=False)
    execute(session, "DROP TABLE again.t")
    with pytest.raises(psycopg2.errors.FeatureNotSupported):
        execute(session, "CREATE TABLE again.t (id int PRIMARY KEY) USING kalamdb")
    session.rollback()
    assert remote_tables(cluster, "again") == "t"
    execute(session, "CREATE TABLE again.own (id int PRIMARY KEY) USING kalamdb", "DROP TABLE again.own",
            "CREATE TABLE again.own (id int PRIMARY KEY, x int) USING kalamdb")
    session.commit()
    assert remote_columns(cluster, "again", "own") == "id x"


def test_cascades_reach_the_server(cluster):
    cluster.sql("CREATE SCHEMA cascade")
    cluster.sql("CREATE TABLE cascade.a (id int PRIMARY KEY) USING kalamdb")
    cluster.sql("DROP SCHEMA cascade CASCADE")
    assert remote_tables(cluster, "cascade") == ""


def test_type_cascade_drops_the_remote_column(cluster):
    cluster.sql("CREATE TYPE public.mood AS ENUM ('ok')")
    cluster.sql("CREATE TABLE public.moods (id int PRIMARY KEY, m mood) USING kalamdb")
    cluster.sql("DROP TYPE mood CASCADE")
    assert remote_columns(cluster, "public", "moods") == "id"
    cluster.sql("CREATE TYPE public.mood AS ENUM ('ok')")
    cluster.sql("CREATE DOMAIN public.key_domain AS bigint")
    cluster.sql("CREATE TABLE public.keyed (id key_domain PRIMARY KEY) USING kalamdb")
    with pytest.raises(psycopg2.errors.FeatureNotSupported):
        cluster.sql("DROP DOMAIN key_domain CASCADE")


def test_server_cascade_with_its_user_mapping(cluster):
    """The mapping that holds the credentials goes together with the tables."""
    env = (cluster.kalam_port, "Bearer test-token")
    cluster.sql("CREATE SERVER second FOREIGN DATA WRAPPER pg_kalam OPTIONS (host '127.0.0.1', port '%s')" % env[0])
    cluster.sql("CREATE USER MAPPING FOR CURRENT_USER SERVER second OPTIONS (auth_header '%s')" % env[1])
    cluster.sql("CREATE SCHEMA mapped")
    for name in "ab":
        cluster.sql(f"CREATE TABLE mapped.{name} (id int PRIMARY KEY) USING kalamdb WITH (server = 'second')")
    assert remote_tables(cluster, "mapped") == "a b"
    cluster.sql("DROP SERVER second CASCADE")
    assert remote_tables(cluster, "mapped") == ""


def test_owner_cascade(cluster):
    cluster.sql("CREATE ROLE leaver")
    cluster.sql("CREATE SCHEMA left_behind AUTHORIZATION leaver")
    cluster.sql("CREATE TABLE left_behind.t (id int PRIMARY KEY) USING kalamdb", role="leaver")
    assert remote_tables(cluster, "left_behind") == "t"
    cluster.sql("DROP OWNED BY leaver")
    assert remote_tables(cluster, "left_behind") == ""


def test_unreachable_server_changes_nothing_here(cluster):
    cluster.sql("CREATE SERVER dead FOREIGN DATA WRAPPER pg_kalam OPTIONS (host '127.0.0.1', port '1')")
    with pytest.raises(psycopg2.OperationalError):
        cluster.sql("CREATE TABLE public.never (id int PRIMARY KEY) USING kalamdb WITH (server = 'dead')")
    assert cluster.sql("SELECT to_regclass('public.never')") == [(None,)]
    cluster.sql("CREATE TABLE public.never (id int PRIMARY KEY) USING kalamdb WITH (server = 'dead')", **{"kalam.mirror_ddl": "off"})
    for statement in ("DROP TABLE never", "ALTER TABLE never ADD COLUMN x int", "ALTER TABLE never DROP COLUMN _seq, ADD y int",
                      "DROP SERVER dead CASCADE"):
        with pytest.raises(psycopg2.OperationalError) as error:
            cluster.sql(statement)
        if statement.startswith("DROP"):
            assert "SET kalam.mirror_ddl = off" in error.value.diag.message_hint
    assert cluster.sql("SELECT count(*) FROM pg_attribute WHERE attrelid = 'never'::regclass AND attnum > 0 AND NOT attisdropped") == [(2,)]
    cluster.sql("DROP TABLE never", **{"kalam.mirror_ddl": "off"})
    cluster.sql("DROP SERVER dead")


def test_prepare_transaction_is_refused(cluster, connect):
    session = connect(autocommit=False)
    execute(session, "CREATE TABLE public.prepared (id int PRIMARY KEY) USING kalamdb")
    with pytest.raises(psycopg2.errors.FeatureNotSupported):
        execute(session, "PREPARE TRANSACTION 'x'")
    session.rollback()
    assert "prepared" not in remote_tables(cluster, "public").split()


def test_dump_restores_without_touching_the_remote_tables(cluster):
    cluster.sql("CREATE SCHEMA dumped")
    cluster.sql("CREATE TABLE dumped.items (code text PRIMARY KEY, title text DEFAULT 'x', f FILE, e EMBEDDING(2), at timestamptz DEFAULT now())"
                " USING kalamdb WITH (flush_policy = 'rows:100')")
    cluster.sql("CREATE TABLE dumped.notes (id uuid PRIMARY KEY, b text) USING kalamdb WITH (type = 'user')")
    cluster.sql('ALTER TABLE dumped.items RENAME COLUMN title TO "The title"')
    cluster.sql("ALTER TABLE dumped.items RENAME TO things")
    cluster.sql("INSERT INTO dumped.things (code) VALUES ('a')")
    before = remote_tables(cluster, "dumped"), remote_columns(cluster, "dumped", "items")
    env = dict(os.environ, PGHOST=f"{cluster.dir}/run", PGPORT="5432", PGUSER="postgres")
    cluster.sql("CREATE DATABASE restored")
    dump = subprocess.run(["pg_dump", "-d", "kalam"], env=env, check=True, capture_output=True, text=True).stdout
    subprocess.run(["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", "restored"], env=env, input=dump, check=True,
                   capture_output=True, text=True)
    again = subprocess.run(["pg_dump", "-d", "restored"], env=env, check=True, capture_output=True, text=True).stdout

    def definitions(text):  # without the keys that newer dumps draw by lot
        return [line for line in text.splitlines() if not line.startswith("\\")]

    assert definitions(again) == definitions(dump)
    assert (remote_tables(cluster, "dumped"), remote_columns(cluster, "dumped", "items")) == before
    assert cluster.sql("SELECT code, \"The title\" FROM dumped.things") == [("a", "x")]


def definition(cluster, namespace):
    """What the server knows of the namespace's tables and columns."""
    return cluster.sql(
        "SELECT kalam_exec(format('SELECT table_name, column_name, data_type, nullable, primary_key, default_value FROM system.columns"
        " WHERE namespace_id = %%L ORDER BY table_name, ordinal LIMIT 1000', %s)),"
        " kalam_exec(format('SELECT table_name, options FROM system.tables WHERE namespace_id = %%L ORDER BY table_name', %s))",
        namespace, namespace)


@pytest.mark.parametrize("how", ["clean", "dropped", "parallel", "one transaction", "psql"])
def test_dump_restores_tables_that_are_gone(cluster, how):
    """With their rows: in one transaction only where the server takes them, so here without. One remote transaction reads shared tables or
    those of a user, so these are dumped by themselves."""
    cluster.sql("DROP SCHEMA IF EXISTS lost_all CASCADE")
    cluster.sql("CREATE SCHEMA lost_all")
    cluster.sql("CREATE TABLE lost_all.items (rank int NOT NULL, code text PRIMARY KEY, title text DEFAULT 'x', f FILE, e EMBEDDING(2),"
                " at timestamptz DEFAULT now(), n numeric(10,2) NOT NULL) USING kalamdb WITH (flush_policy = 'rows:100', access_level = 'public')")
    cluster.sql("CREATE TABLE lost_all.notes (id uuid PRIMARY KEY, b text) USING kalamdb WITH (type = 'user')")
    cluster.sql("CREATE TABLE lost_all.events (id bigint, b text) USING kalamdb WITH (type = 'stream', ttl_seconds = '3600')")
    cluster.sql('ALTER TABLE lost_all.items RENAME COLUMN code TO "The code"')
    cluster.sql("INSERT INTO lost_all.items VALUES (1, 'a', NULL, NULL, '{1,2}', now(), 1.5), (2, 'b', 'é', NULL, NULL, NULL, 2)")
    cluster.sql("INSERT INTO lost_all.notes VALUES (gen_random_uuid(), 'mine')", **{"kalam.user_id": "u1"})
    rows = ("SELECT rank, \"The code\", title, e, at, n FROM lost_all.items ORDER BY rank", "SELECT id, b, _userid FROM lost_all.notes")
    read = lambda: [cluster.sql(query, **{"kalam.user_id": "u1"}) for query in rows]
    before, stored = definition(cluster, "lost_all"), read()
    env = dict(os.environ, PGHOST=f"{cluster.dir}/run", PGPORT="5432", PGUSER="postgres", PGDATABASE="kalam", PGOPTIONS="-c kalam.user_id=u1")
    run = lambda *command, **more: subprocess.run(command, env=env, check=True, capture_output=True, **more).stdout
    archive, rows_of_users = f"{cluster.dir}/lost_all.dump", f"{cluster.dir}/lost_all.rows"
    dump = ("pg_dump", "-Fc", "--include-foreign-data=kalam_server", "--exclude-table-data=lost_all.events", "-f")
    run(*dump, archive, "-n", "lost_all", "--exclude-table-data=lost_all.notes")
    run(*dump, rows_of_users, "-a", "-t", "lost_all.notes")
    if how == "clean":
        run("pg_restore", "--clean", "--if-exists", "-d", "kalam", archive)
    else:
        cluster.sql("DROP SCHEMA lost_all CASCADE")
    if how == "dropped":
        run("pg_restore", "-d", "kalam", archive)
    elif how == "parallel":
        run("pg_restore", "-j", "2", "-d", "kalam", archive)
    elif how == "one transaction":
        run("pg_restore", "-1", "-s", "-d", "kalam", archive)
        run("pg_restore", "-a", "-d", "kalam", archive)
    elif how == "psql":
        run("psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", input=run("pg_restore", "-f", "-", archive))
    run("pg_restore", "-d", "kalam", rows_of_users)
    assert (definition(cluster, "lost_all"), read()) == (before, stored)


def test_a_restored_definition_that_is_told_bit_by_bit(cluster, connect):
    """Each statement by itself, as psql runs them: the second makes the table anew, which no rollback could take back."""
    cluster.sql("CREATE SCHEMA half")
    session = connect()
    create = ("CREATE FOREIGN TABLE half.t (a text NOT NULL, b text NOT NULL, _seq bigint) SERVER kalam_server"
              " OPTIONS (namespace 'half', \"table\" 't')")
    key = "ALTER FOREIGN TABLE half.t ALTER COLUMN b OPTIONS (key 'true')"
    with pytest.raises(psycopg2.errors.DivisionByZero):
        execute(session, f"{create}; {key}; SELECT 1 / 0")
    assert remote_tables(cluster, "half") == ""
    execute(session, create)
    before = definition(cluster, "half")
    with pytest.raises(psycopg2.errors.ActiveSqlTransaction):
        execute(session, f"{key}; SELECT 1 / 0")
    assert definition(cluster, "half") == before
    execute(session, key)
    assert definition(cluster, "half") != before
    cluster.sql("INSERT INTO half.t VALUES ('a', 'b')")
    with pytest.raises(psycopg2.errors.ObjectNotInPrerequisiteState):
        execute(session, "ALTER FOREIGN TABLE half.t ALTER COLUMN a OPTIONS (column_name 'c')")
    assert cluster.sql("SELECT a, b FROM half.t") == [("a", "b")]


def test_import_reads_on_beyond_the_servers_limit(cluster):
    """The server answers 1000 rows at most; the namespace has more columns than that."""
    cluster.sql("SELECT kalam_exec('CREATE NAMESPACE wide')")
    for table in range(6):
        columns = ", ".join(f"c{i} INT" for i in range(200))
        cluster.sql(f"SELECT kalam_exec('CREATE SHARED TABLE wide.t{table} (id INT PRIMARY KEY, {columns})')")
    cluster.sql("CREATE SCHEMA wide")
    cluster.sql("IMPORT FOREIGN SCHEMA wide FROM SERVER kalam_server INTO wide")
    assert cluster.sql("SELECT count(*), sum(relnatts) FROM pg_class WHERE relnamespace = 'wide'::regnamespace") == [(6, 6 * 202)]


@pytest.fixture
def grown(cluster):
    cluster.sql("CREATE SCHEMA grown")
    yield cluster
    cluster.sql("DROP SCHEMA grown CASCADE")


def test_rows_of_users_from_before_a_column_can_be_changed(grown, connect):
    """They have no value in it, and the server refuses to change rows without a value in a NOT NULL column."""
    grown.sql("CREATE TABLE grown.u (id int PRIMARY KEY, a text) USING kalamdb WITH (type = 'user')")
    ann, bob = connect(**{"kalam.user_id": "ann"}), connect(**{"kalam.user_id": "bob"})
    execute(ann, "INSERT INTO grown.u VALUES (1, 'a'), (2, 'a')")
    execute(bob, "INSERT INTO grown.u VALUES (1, 'b')",
            "ALTER TABLE grown.u ADD COLUMN n numeric(5,2) NOT NULL DEFAULT 1.5, ADD COLUMN i int NOT NULL DEFAULT 7")
    execute(ann, "UPDATE grown.u SET a = 'by key' WHERE id = 1", "UPDATE grown.u SET a = a || '!'",
            "BEGIN", "UPDATE grown.u SET a = a || '?'", "INSERT INTO grown.u (id) VALUES (3)", "COMMIT", "UPDATE grown.u SET n = DEFAULT, i = 8 WHERE id = 2")
    rows = "SELECT id, a, n::float, i FROM grown.u ORDER BY id"
    assert grown.sql(rows, **{"kalam.user_id": "ann"}) == [(1, "by key!?", None, None), (2, "a!?", 1.5, 8), (3, None, 1.5, 7)]
    assert grown.sql(rows, **{"kalam.user_id": "bob"}) == [(1, "b", None, None)], "nobody else's row was touched"


def test_events_from_before_a_column_can_be_read(grown, connect):
    """The server's SQL does not show whether a stream has any."""
    ann = connect(**{"kalam.user_id": "ann"})
    execute(ann, "CREATE TABLE grown.s (id int, a text) USING kalamdb WITH (type = 'stream', ttl_seconds = '3600')", "INSERT INTO grown.s VALUES (1, 'a')",
            "ALTER TABLE grown.s ADD COLUMN n numeric(5,2) NOT NULL DEFAULT 1.5", "INSERT INTO grown.s (id) VALUES (2)")
    assert "do not get the default" in " ".join(ann.notices)
    assert grown.sql("SELECT id, n::float FROM grown.s ORDER BY id", **{"kalam.user_id": "ann"}) == [(1, None), (2, 1.5)]


def flush(cluster, table):
    wait_for(lambda: "no pending writes" in cluster.sql("SELECT kalam_exec('STORAGE FLUSH TABLE ' || %s)", table)[0][0], what="the table is flushed")


def test_not_null_columns_of_flushed_tables(grown):
    """The server reads old versions of rows in its files too, and fails where one has no value in a NOT NULL column."""
    grown.sql("CREATE TABLE grown.f (id int PRIMARY KEY, v int, c numeric(5,2) NOT NULL DEFAULT 1) USING kalamdb")
    grown.sql("CREATE TABLE grown.emptied (id int PRIMARY KEY) USING kalamdb")
    grown.sql("INSERT INTO grown.f (id) VALUES (1), (2)")
    grown.sql("INSERT INTO grown.emptied VALUES (1)")
    flush(grown, "grown.f")
    flush(grown, "grown.emptied")
    grown.sql("ALTER TABLE grown.f ADD COLUMN i int NOT NULL DEFAULT 3, ADD COLUMN n numeric(5,2) NOT NULL DEFAULT 4")
    grown.sql("UPDATE grown.f SET v = 5")
    grown.sql("ALTER TABLE grown.f ALTER COLUMN v SET NOT NULL")
    grown.sql("DELETE FROM grown.emptied")
    grown.sql("ALTER TABLE grown.emptied ADD COLUMN i int NOT NULL")
    grown.sql("INSERT INTO grown.emptied VALUES (2, DEFAULT, 6)")

    def read():
        assert grown.sql("SELECT id, v, i, n::int FROM grown.f ORDER BY id") == [(1, 5, 3, 4), (2, 5, 3, 4)]
        assert grown.sql("SELECT id, i FROM grown.emptied") == [(2, 6)]

    read()
    flush(grown, "grown.f")
    read()
    for statement in ("UPDATE grown.f SET v = NULL WHERE id = 1", "INSERT INTO grown.f VALUES (3)", "INSERT INTO grown.emptied VALUES (3)"):
        with pytest.raises(psycopg2.errors.NotNullViolation):
            grown.sql(statement)


def test_a_new_column_is_filled_in_many_rows(grown):
    """Several requests of updates by key; a statement that fails between them leaves no column."""
    grown.sql("CREATE TABLE grown.many (id text PRIMARY KEY, u uuid NOT NULL DEFAULT gen_random_uuid()) USING kalamdb")
    grown.sql("INSERT INTO grown.many (id) SELECT repeat('k', 200) || g FROM generate_series(1, 2000) g")
    grown.sql("ALTER TABLE grown.many ADD COLUMN x int NOT NULL DEFAULT 3")
    assert grown.sql("SELECT count(*), sum(x) FROM grown.many") == [(2000, 6000)]
    grown.sql("ALTER TABLE grown.many ADD COLUMN r uuid NOT NULL DEFAULT gen_random_uuid()")
    assert grown.sql("SELECT count(DISTINCT r) FROM grown.many") == [(2000,)]
    grown.sql("CREATE SEQUENCE grown.countdown")
    with pytest.raises(psycopg2.errors.DivisionByZero):
        grown.sql("ALTER TABLE grown.many ADD COLUMN z bigint DEFAULT 1 / (nextval('grown.countdown') - 1500)")
    assert remote_columns(grown, "grown", "many") == "id u x r"


def test_extension_cascade(cluster):
    """Last: takes the server and every table of the database along."""
    cluster.sql("CREATE SCHEMA extension_gone")
    cluster.sql("CREATE TABLE extension_gone.t (id int PRIMARY KEY) USING kalamdb")
    cluster.sql("DROP EXTENSION pg_kalam CASCADE")
    cluster.sql("CREATE EXTENSION pg_kalam")
    cluster.sql(f"CREATE SERVER kalam_server FOREIGN DATA WRAPPER pg_kalam OPTIONS (host '127.0.0.1', port '{cluster.kalam_port}',"
                " auth_header 'Bearer test-token')")
    assert remote_tables(cluster, "extension_gone") == ""
