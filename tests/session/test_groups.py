"""Shared tables and user tables in one transaction: the server lets a transaction touch one group of tables, so reads of tables that
the transaction has not changed travel outside it, and a write to a second group is refused with nothing left behind.
"""
import psycopg2
import pytest


@pytest.fixture(scope="module", autouse=True)
def tables(cluster):
    cluster.sql("CREATE TABLE catalog (id bigint PRIMARY KEY, title text) USING kalamdb WITH (type = 'shared')")
    cluster.sql("CREATE TABLE basket (id bigint PRIMARY KEY, item bigint) USING kalamdb WITH (type = 'user')")
    cluster.sql("INSERT INTO catalog VALUES (1, 'one'), (2, 'two')")


def session_of(connect, user):
    session = connect(autocommit=False, **{"kalam.user_id": user})
    return session, session.cursor()


def test_reads_of_both_kinds_in_one_transaction(connect):
    session, cursor = session_of(connect, "reader")
    cursor.execute("INSERT INTO basket VALUES (1, 2)")
    session.commit()
    cursor.execute("SELECT title FROM catalog ORDER BY id")
    assert cursor.fetchall() == [("one",), ("two",)]
    cursor.execute("SELECT c.title FROM basket b JOIN catalog c ON c.id = b.item")
    assert cursor.fetchall() == [("two",)]
    session.commit()


def test_a_write_to_one_kind_with_reads_of_the_other(connect):
    session, cursor = session_of(connect, "buyer")
    cursor.execute("INSERT INTO basket SELECT 10 + id, id FROM catalog")
    cursor.execute("SELECT c.title FROM basket b JOIN catalog c ON c.id = b.item ORDER BY b.id")
    assert cursor.fetchall() == [("one",), ("two",)]
    session.commit()
    cursor.execute("SELECT count(*) FROM basket")
    assert cursor.fetchall() == [(2,)]


def test_a_write_to_both_kinds_is_refused_and_leaves_nothing(connect):
    session, cursor = session_of(connect, "both")
    cursor.execute("INSERT INTO basket VALUES (1, 1)")
    with pytest.raises(psycopg2.Error) as error:
        cursor.execute("INSERT INTO catalog VALUES (9, 'nine')")
        session.commit()
    assert error.value.pgcode == "0A000"
    assert "one transaction for each" in str(error.value.diag.message_hint)
    session.rollback()
    cursor.execute("SELECT (SELECT count(*) FROM basket), (SELECT count(*) FROM catalog WHERE id = 9)")
    assert cursor.fetchall() == [(0, 0)]


def test_read_committed_sees_what_others_commit_meanwhile(connect, cluster):
    session, cursor = session_of(connect, "watcher")
    cursor.execute("SELECT count(*) FROM catalog WHERE id = 5")
    assert cursor.fetchall() == [(0,)]
    cluster.sql("INSERT INTO catalog VALUES (5, 'five')")
    cursor.execute("SELECT count(*) FROM catalog WHERE id = 5")
    assert cursor.fetchall() == [(1,)]


def test_repeatable_read_keeps_its_snapshot(connect, cluster):
    session, cursor = session_of(connect, "repeatable")
    session.set_session(isolation_level="REPEATABLE READ")
    cursor.execute("SELECT count(*) FROM catalog WHERE id = 6")
    assert cursor.fetchall() == [(0,)]
    cluster.sql("INSERT INTO catalog VALUES (6, 'six')")
    cursor.execute("SELECT count(*) FROM catalog WHERE id = 6")
    assert cursor.fetchall() == [(0,)]
    session.rollback()
