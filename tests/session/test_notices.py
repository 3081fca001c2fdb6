"""What a statement says beside its result: notices of defaults that stay local, warnings of defaults that cannot be shown."""
import pytest


@pytest.fixture
def session(cluster, connect):
    cluster.sql("CREATE SCHEMA noted")
    yield connect(**{"kalam.user_id": "alice"})
    cluster.sql("DROP SCHEMA noted CASCADE")


def said_by(session, statement):
    session.notices.clear()
    with session.cursor() as cursor:
        cursor.execute(statement)
    return " ".join(session.notices)


def test_a_default_that_stays_local(session):
    said = said_by(session, "CREATE TABLE noted.t (id bigint PRIMARY KEY, who text DEFAULT current_user, n int DEFAULT 1) USING kalamdb")
    assert "NOTICE" in said and '"who"' in said
    assert '"n"' not in said, "what the server knows needs no notice"
    assert "NOTICE" in said_by(session, "ALTER TABLE noted.t ALTER n SET DEFAULT length(current_user)")


def test_a_default_that_rows_of_users_do_not_show(session):
    said_by(session, "CREATE TABLE noted.u (id bigint PRIMARY KEY) USING kalamdb WITH (type = 'user')")
    said_by(session, "INSERT INTO noted.u VALUES (1)")
    assert "WARNING" in said_by(session, "ALTER TABLE noted.u ADD COLUMN n int NOT NULL DEFAULT 5")
    assert "WARNING" not in said_by(session, "ALTER TABLE noted.u ADD COLUMN plain int")


def test_analyze_says_what_it_skips(cluster, session):
    said_by(session, "CREATE TABLE noted.v (id bigint PRIMARY KEY) USING kalamdb WITH (type = 'user')")
    said_by(session, "SET kalam.user_id = ''")
    assert "WARNING" in said_by(session, "ANALYZE noted.v")
