"""Clients and databases of other encodings: what is stored is the same text, and what cannot be shown is an error."""
import psycopg2
import pytest


def test_client_encoding(cluster, connect):
    session = connect()
    session.set_client_encoding("LATIN1")
    with session.cursor() as cursor:
        cursor.execute("CREATE SCHEMA enc_client")
        cursor.execute("CREATE TABLE enc_client.t (id bigint PRIMARY KEY, x text DEFAULT 'é') USING kalamdb")
        cursor.execute("INSERT INTO enc_client.t VALUES (1, 'ü'), (2, DEFAULT)")
        cursor.execute("SELECT id FROM enc_client.t WHERE x = 'é'")
        assert cursor.fetchall() == [(2,)]
        cursor.execute("SELECT kalam_exec('UPDATE enc_client.t SET x = ''ß'' WHERE id = 1')")
    assert cluster.sql("SELECT x FROM enc_client.t ORDER BY id") == [("ß",), ("é",)]
    cluster.sql("DROP SCHEMA enc_client CASCADE")


@pytest.fixture
def latin1(cluster):
    """A session in a database of encoding LATIN1 with the extension and the same server."""
    cluster.sql("CREATE DATABASE latin1 ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0")
    session = psycopg2.connect(host=f"{cluster.dir}/run", port=5432, dbname="latin1", user="postgres")
    session.autocommit = True
    session.set_client_encoding("UTF8")
    with session.cursor() as cursor:
        cursor.execute("CREATE EXTENSION pg_kalam")
        cursor.execute("CREATE SERVER kalam_server FOREIGN DATA WRAPPER pg_kalam OPTIONS "
                       f"(host '127.0.0.1', port '{cluster.kalam_port}', auth_header 'Bearer test-token')")
        cursor.execute("CREATE SCHEMA enc_latin1")
        yield cursor
        cursor.execute("DROP SCHEMA enc_latin1 CASCADE")
    session.close()
    cluster.sql("DROP DATABASE latin1")


def test_database_encoding(cluster, latin1):
    latin1.execute("CREATE TABLE enc_latin1.t (id text PRIMARY KEY, x text DEFAULT 'é', j jsonb) USING kalamdb")
    latin1.execute("""INSERT INTO enc_latin1.t VALUES ('ü', DEFAULT, '{"k": "é"}')""")
    latin1.execute("UPDATE enc_latin1.t SET x = x || 'ß' WHERE id = 'ü'")
    latin1.execute("SELECT id, x, j ->> 'k', octet_length(x) FROM enc_latin1.t WHERE x = 'éß'")
    assert latin1.fetchall() == [("ü", "éß", "é", 2)]
    stored = cluster.sql("SELECT kalam_exec('SELECT id, x FROM enc_latin1.t')::jsonb")
    assert stored == [([{"id": "ü", "x": "éß"}],)], "the server has it as UTF-8"

    cluster.sql("SELECT kalam_exec('UPDATE enc_latin1.t SET x = ''日本'' WHERE id = ''ü''')")
    with pytest.raises(psycopg2.Error) as error:
        latin1.execute("SELECT x FROM enc_latin1.t")
    assert error.value.pgcode == "22P05", "a text that the database cannot hold"
    latin1.execute("SELECT id FROM enc_latin1.t")
    assert latin1.fetchall() == [("ü",)]
    latin1.execute("DELETE FROM enc_latin1.t WHERE id = 'ü'")
    assert latin1.rowcount == 1


def test_identity_in_another_encoding(cluster, latin1):
    latin1.execute("CREATE TABLE enc_latin1.u (id bigint PRIMARY KEY) USING kalamdb WITH (type = 'user')")
    latin1.execute("SET kalam.user_id = 'zoë'")
    latin1.execute("INSERT INTO enc_latin1.u VALUES (1) RETURNING _userid")
    assert latin1.fetchall() == [("zoë",)]
    latin1.execute("SELECT id FROM enc_latin1.u WHERE _userid = 'zoë'")
    assert latin1.fetchall() == [(1,)]


def test_ddl_is_undone_in_another_encoding(cluster, latin1):
    """An abort can convert nothing."""
    create = "CREATE TABLE enc_latin1.t (id bigint PRIMARY KEY) USING kalamdb"
    latin1.execute("SET client_encoding = 'LATIN1'")
    for statement in ("BEGIN", "SAVEPOINT s", create, "ROLLBACK TO s", create, "ROLLBACK", create):
        latin1.execute(statement)
    assert latin1.connection.notices == []
    latin1.execute("SET client_encoding = 'UTF8'")
