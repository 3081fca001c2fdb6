"""A link that breaks: SQLSTATE and words that tell it, in lower case, and the next statement works."""
import psycopg2
import pytest

from relay_process import Relay


@pytest.fixture(scope="module")
def relay(cluster):
    with Relay(cluster.kalam_port) as made:
        cluster.sql("CREATE SERVER relayed FOREIGN DATA WRAPPER pg_kalam OPTIONS "
                    f"(host '127.0.0.1', port '{made.port}', auth_header 'Bearer test-token')")
        cluster.sql("CREATE TABLE public.linked (id bigint PRIMARY KEY, n int) USING kalamdb WITH (server = 'relayed')")
        cluster.sql("INSERT INTO linked VALUES (1, 1)")
        yield made
        made.accept()
        cluster.sql("DROP SERVER relayed CASCADE")


def test_a_transaction_whose_link_broke(cluster, relay, connect):
    session = connect(autocommit=False)
    with session.cursor() as cursor:
        cursor.execute("INSERT INTO linked VALUES (2, 2)")
        relay.refuse()
        relay.cut()
        with pytest.raises(psycopg2.OperationalError) as error:
            cursor.execute("SELECT * FROM linked")
            session.commit()
    assert error.value.pgcode in ("08006", "08001"), str(error.value)
    assert "transport" in str(error.value) or "could not connect" in str(error.value)
    session.rollback()
    relay.accept()
    assert cluster.sql("SELECT id FROM linked") == [(1,)], "nothing of it stayed"


def test_a_server_that_does_not_answer_in_time(cluster, relay):
    cluster.sql("ALTER SERVER relayed OPTIONS (ADD timeout '300')")
    relay.pause()
    try:
        with pytest.raises(psycopg2.Error) as error:
            cluster.sql("SELECT * FROM linked")
        assert "timed out" in str(error.value)
        assert error.value.pgcode == "08006"
    finally:
        relay.resume()
    cluster.sql("ALTER SERVER relayed OPTIONS (DROP timeout)")
    assert cluster.sql("SELECT id FROM linked") == [(1,)]
