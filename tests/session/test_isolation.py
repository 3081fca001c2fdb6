"""Two users of one table see their own rows only, from two sessions at once."""
import pytest


@pytest.fixture(scope="module", autouse=True)
def table(cluster):
    cluster.sql("CREATE TABLE notes (id bigint PRIMARY KEY, body text) USING kalamdb WITH (type = 'user')")


def rows(connection, sql="SELECT id, body, _userid FROM notes ORDER BY id"):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def execute(connection, sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.rowcount


def test_users_see_their_own_rows(connect):
    alice = connect(**{"kalam.user_id": "alice"})
    bob = connect(**{"kalam.user_id": "bob"})
    assert execute(alice, "INSERT INTO notes VALUES (1, 'of alice'), (2, 'too')") == 2
    assert execute(bob, "INSERT INTO notes VALUES (1, 'of bob')") == 1
    assert rows(alice) == [(1, "of alice", "alice"), (2, "too", "alice")]
    assert rows(bob) == [(1, "of bob", "bob")]


def test_writes_stay_with_their_user(connect):
    alice = connect(**{"kalam.user_id": "alice-w"})
    bob = connect(**{"kalam.user_id": "bob-w"})
    execute(alice, "INSERT INTO notes VALUES (1, 'a')")
    execute(bob, "INSERT INTO notes VALUES (1, 'b')")
    assert execute(bob, "UPDATE notes SET body = 'changed' WHERE id = 1") == 1
    assert execute(bob, "DELETE FROM notes WHERE id = 2") == 0
    assert rows(alice) == [(1, "a", "alice-w")]
    assert execute(bob, "DELETE FROM notes") == 1
    assert rows(alice) == [(1, "a", "alice-w")]


def test_set_local_switches_the_tenant_inside_a_transaction(connect):
    session = connect(autocommit=False, **{"kalam.user_id": "first"})
    with session.cursor() as cursor:
        cursor.execute("INSERT INTO notes VALUES (7, 'of first')")
        cursor.execute("SET LOCAL kalam.user_id = 'second'")
        cursor.execute("INSERT INTO notes VALUES (7, 'of second')")
        cursor.execute("SELECT body FROM notes")
        assert cursor.fetchall() == [("of second",)]
        session.commit()
        cursor.execute("SELECT body FROM notes")
        assert cursor.fetchall() == [("of first",)]
    session.rollback()
    assert rows(connect(**{"kalam.user_id": "second"})) == [(7, "of second", "second")]
