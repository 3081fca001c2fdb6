"""The fields of errors about rows, which drivers and ORMs read: as PostgreSQL fills them for a table of its own, wherever the error is
found (by us, by the server at once, by the server at commit)."""
import psycopg2
import pytest


@pytest.fixture(scope="module", autouse=True)
def tables(cluster):
    columns = "(id bigint PRIMARY KEY, name text NOT NULL, n int)"
    cluster.sql("CREATE SCHEMA fields")
    cluster.sql(f"CREATE TABLE fields.kalam {columns} USING kalamdb")
    cluster.sql(f"CREATE TABLE fields.plain {columns}")
    cluster.sql("CREATE TABLE fields.other (id bigint PRIMARY KEY) USING kalamdb")
    cluster.sql("CREATE TABLE fields.renamed (key text PRIMARY KEY) USING kalamdb")
    cluster.sql("ALTER TABLE fields.renamed RENAME COLUMN key TO code")
    cluster.sql("ALTER TABLE fields.renamed RENAME TO named_now")
    cluster.sql("INSERT INTO fields.named_now VALUES ('it''s')")
    for table in ("kalam", "plain"):
        cluster.sql(f"INSERT INTO fields.{table} VALUES (7, 'seven', 7)")


def failure(session, *statements):
    with session.cursor() as cursor, pytest.raises(psycopg2.Error) as error:
        for statement in statements:
            cursor.execute(statement)
    if not session.autocommit:
        session.rollback()
    return error.value.diag


def fields(diag):
    return (diag.sqlstate, diag.schema_name, diag.table_name, diag.constraint_name, diag.message_detail)


DUPLICATES = [
    ["INSERT INTO fields.{t} VALUES (7, 'x')"],
    ["INSERT INTO fields.{t} VALUES (8, 'x'), (7, 'x')"],
    ["INSERT INTO fields.{t} VALUES (9, 'x'), (9, 'x')"],
    ["INSERT INTO fields.{t} VALUES (7, 'x') RETURNING _seq"],
    ["BEGIN", "INSERT INTO fields.{t} VALUES (7, 'x')", "COMMIT"],
    ["BEGIN", "INSERT INTO fields.{t} VALUES (7, 'x')", "SELECT * FROM fields.{t}", "COMMIT"],
    ["BEGIN", "SAVEPOINT s", "INSERT INTO fields.{t} VALUES (7, 'x')"],
]


@pytest.mark.parametrize("statements", DUPLICATES, ids=lambda statements: " ; ".join(statements))
def test_duplicate_key(connect, statements):
    diag = failure(connect(), *(statement.format(t="kalam") for statement in statements))
    plain = failure(connect(), *(statement.format(t="plain").replace(" RETURNING _seq", "") for statement in statements))
    assert fields(diag) == tuple(value.replace("plain", "kalam") if value else value for value in fields(plain))
    assert diag.column_name == "id"
    assert "Primary key violation" in diag.message_primary


def test_duplicate_key_of_a_renamed_column(connect):
    diag = failure(connect(), "INSERT INTO fields.named_now VALUES ('it''s')")
    assert fields(diag) == ("23505", "fields", "named_now", "named_now_pkey", "Key (code)=(it's) already exists.")
    assert diag.column_name == "code"


def test_duplicate_key_in_one_of_several_tables(connect):
    """The server does not say in which."""
    diag = failure(connect(), "BEGIN", "INSERT INTO fields.other VALUES (1)", "INSERT INTO fields.kalam VALUES (7, 'x')", "COMMIT")
    assert fields(diag) == ("23505", None, None, None, "Key (id)=(7) already exists.")


NULLS = ["INSERT INTO fields.{t} VALUES (1, NULL, 2)", "INSERT INTO fields.{t} VALUES (NULL, 'x', 2)",
         "UPDATE fields.{t} SET name = NULL WHERE n = 7"]


@pytest.mark.parametrize("statement", NULLS)
def test_null(connect, statement):
    diag, plain = (failure(connect(), statement.format(t=table)) for table in ("kalam", "plain"))
    assert diag.message_primary == plain.message_primary.replace("plain", "kalam")
    assert (diag.sqlstate, diag.schema_name, diag.table_name, diag.column_name) == ("23502", "fields", "kalam", plain.column_name)
    # _seq is a column too.
    assert diag.message_detail.startswith(plain.message_detail[:-2] + ", ")


@pytest.mark.parametrize("block", [False, True])
def test_null_in_a_change_by_key(cluster, connect, block):
    """No row, no violation."""
    with connect(autocommit=not block) as session, session.cursor() as cursor:
        cursor.execute("UPDATE fields.kalam SET name = NULL WHERE id = 999")
        assert cursor.rowcount == 0
    diag = failure(connect(autocommit=not block), "UPDATE fields.kalam SET name = NULL WHERE id = 7")
    assert (diag.sqlstate, diag.schema_name, diag.table_name, diag.column_name) == ("23502", "fields", "kalam", "name")
    assert cluster.sql("SELECT name FROM fields.kalam WHERE id = 7") == [("seven",)]
