"""Bad input gets a clear error with the right SQLSTATE and changes nothing on either side."""
import pathlib
import socket
import threading

import psycopg2
import pytest


def failure(cluster, sql, **settings):
    with pytest.raises(psycopg2.Error) as error:
        cluster.sql(sql, **settings)
    return error.value.pgcode, str(error.value)


def server(cluster, name, **options):
    text = ", ".join(f"{k} '{v}'" for k, v in options.items())
    cluster.sql(f"CREATE SERVER {name} FOREIGN DATA WRAPPER pg_kalam OPTIONS ({text})")


def remote_tables(cluster):
    return cluster.sql("SELECT kalam_exec('SELECT table_name FROM system.tables LIMIT 1000')")[0][0]


def test_unknown_server_option(cluster):
    code, text = failure(cluster, "CREATE SERVER x FOREIGN DATA WRAPPER pg_kalam OPTIONS (hots 'a')")
    assert code == "HV00D" and "host" in text


def test_unknown_table_type(cluster):
    code, text = failure(cluster, "CREATE TABLE bad_type (id int PRIMARY KEY) USING kalamdb WITH (type = 'usr')")
    assert "shared" in text and "user" in text and "stream" in text
    assert "bad_type" not in remote_tables(cluster)


@pytest.mark.parametrize("name", ["select", "a..b", "a/b", "a\\b", "has space", "_hidden"])
def test_names_that_the_server_cannot_take(cluster, name):
    failure(cluster, f'CREATE TABLE "{name}" (id int PRIMARY KEY) USING kalamdb WITH (type = \'shared\')')
    cluster.sql("SELECT kalam_ping()")


def test_user_table_without_identity(cluster):
    cluster.sql("CREATE TABLE needs_user (id int PRIMARY KEY) USING kalamdb WITH (type = 'user')")
    for sql in ("SELECT * FROM needs_user", "INSERT INTO needs_user VALUES (1)"):
        assert "kalam.user_id" in failure(cluster, sql)[1]


def test_row_over_the_limit(cluster):
    cluster.sql("CREATE TABLE big (id int PRIMARY KEY, t text) USING kalamdb WITH (type = 'shared')")
    code, text = failure(cluster, "INSERT INTO big VALUES (1, repeat('x', 5000000))")
    assert code == "54000" and "4" in text
    assert cluster.sql("SELECT count(*) FROM big") == [(0,)]


def test_dead_server(cluster):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    server(cluster, "dead", host="127.0.0.1", port=port)
    code, text = failure(cluster, "SELECT kalam_exec('SELECT 1', 'dead')")
    assert code == "08001" and f'could not connect to KalamDB server "127.0.0.1:{port}"' in text


def test_wrong_token_shows_no_secret(cluster):
    server(cluster, "wrong_token", host="127.0.0.1", port=cluster.kalam_port, auth_header="Bearer planted-secret")
    code, text = failure(cluster, "SELECT kalam_exec('SELECT 1', 'wrong_token')")
    assert code in ("28000", "28P01", "42501")
    assert "planted-secret" not in text and "planted-secret" not in cluster.log


def test_header_with_a_line_break(cluster):
    cluster.sql("CREATE SERVER line_break FOREIGN DATA WRAPPER pg_kalam OPTIONS (host '127.0.0.1', port '1', auth_header E'a\\nb')")
    assert "invalid auth_header: not a valid metadata value" in failure(cluster, "SELECT kalam_exec('SELECT 1', 'line_break')")[1]


def test_server_that_answers_garbage(cluster):
    listener = socket.create_server(("127.0.0.1", 0))

    def answer():
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            connection.recv(1024)
            connection.sendall(b"HTTP/1.0 400 What\r\n\r\n" * 10)
            connection.close()

    thread = threading.Thread(target=answer, daemon=True)
    thread.start()
    server(cluster, "garbage", host="127.0.0.1", port=listener.getsockname()[1])
    code, _ = failure(cluster, "SELECT kalam_exec('SELECT 1', 'garbage')")
    assert code in ("08001", "08006")
    listener.close()
    cluster.sql("SELECT kalam_ping()")
