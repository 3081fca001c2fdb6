"""Foreign servers that one session changes while another uses them."""
import psycopg2
import pytest

from conftest import wait_for


@pytest.fixture
def other_server(cluster):
    """A second server: the same KalamDB by another name, so that it is another endpoint."""
    cluster.sql(f"CREATE SERVER other FOREIGN DATA WRAPPER pg_kalam OPTIONS (host 'localhost', port '{cluster.kalam_port}',"
                " auth_header 'Bearer test-token')")
    yield
    cluster.sql("DROP SERVER IF EXISTS other CASCADE")


def ask(session):
    with session.cursor() as cursor:
        cursor.execute("SELECT kalam_exec('SELECT 1 AS a', 'other')")
        return cursor.fetchone()[0]


def sessions_of(cluster, endpoint):
    return cluster.sql("SELECT count(*) FROM kalam_connections WHERE endpoint = %s", endpoint)[0][0]


def test_alter_server_acts_on_the_next_statement_of_every_session(cluster, connect, other_server):
    session = connect()
    assert ask(session) == '[{"a":1}]'
    cluster.sql("ALTER SERVER other OPTIONS (SET port '1')")
    with pytest.raises(psycopg2.Error) as error:
        ask(session)
    assert error.value.pgcode == "08001"
    cluster.sql(f"ALTER SERVER other OPTIONS (SET port '{cluster.kalam_port}')")
    assert ask(session) == '[{"a":1}]'


def test_drop_server_closes_its_sessions(cluster, connect, other_server):
    session, bystander = connect(), connect()
    assert ask(session) == '[{"a":1}]'
    with bystander.cursor() as cursor:
        cursor.execute("SELECT kalam_exec('SELECT 1 AS a')")
    other, usual = f"localhost:{cluster.kalam_port}", f"127.0.0.1:{cluster.kalam_port}"
    assert sessions_of(cluster, other) > 0
    cluster.sql("DROP SERVER other CASCADE")
    wait_for(lambda: sessions_of(cluster, other) == 0, 3, "its sessions are closed")
    assert sessions_of(cluster, usual) > 0, "those of other servers stay"


def test_a_drop_that_is_rolled_back_changes_nothing(cluster, connect, other_server):
    session, dropper = connect(), connect(autocommit=False)
    assert ask(session) == '[{"a":1}]'
    with dropper.cursor() as cursor:
        cursor.execute("DROP SERVER other CASCADE")
    dropper.rollback()
    assert sessions_of(cluster, f"localhost:{cluster.kalam_port}") > 0
    assert ask(session) == '[{"a":1}]'
