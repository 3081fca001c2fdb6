"""The server cuts a scan at its cap of hot rows without a word (here 200, a server's own is 100 000). A cut answer is never passed
on: it is an error that names the cure, or the table is flushed and read again."""
import psycopg2
import pytest

DEVSERVER_ARGS = ["--hot-row-cap", "200"]
CONF = ["kalam.hot_row_cap = 200"]


@pytest.fixture(scope="module", autouse=True)
def table(cluster):
    cluster.sql("CREATE TABLE many (id bigint PRIMARY KEY, n int) USING kalamdb WITH (type = 'shared')")
    cluster.sql("INSERT INTO many SELECT g, g FROM generate_series(1, 300) g")


def test_a_cut_scan_is_an_error(connect):
    session = connect()
    with session.cursor() as cursor:
        for statement in ["SELECT * FROM many", "SELECT count(*) FROM many", "SELECT * FROM many WHERE n > 5", "UPDATE many SET n = 0",
                          "DELETE FROM many", "TRUNCATE many", "ANALYZE many"]:
            with pytest.raises(psycopg2.Error) as error:
                cursor.execute(statement)
            assert error.value.pgcode == "54000", statement
            assert "cap of 200" in str(error.value)
            assert "STORAGE FLUSH TABLE public.many" in str(error.value)


def test_a_filtered_scan_that_is_cut_is_an_error(connect):
    """The server cuts before it filters, so that the number of rows does not show it."""
    session = connect()
    with session.cursor() as cursor:
        for statement in ["SELECT id FROM many WHERE n = 299", "UPDATE many SET n = 0 WHERE n = 299", "DELETE FROM many WHERE n = 1"]:
            with pytest.raises(psycopg2.Error) as error:
                cursor.execute(statement)
            assert error.value.pgcode == "54000", statement
            assert "cap of 200" in str(error.value)


def test_lookups_are_not_affected(connect):
    session = connect()
    with session.cursor() as cursor:
        cursor.execute("SELECT id FROM many WHERE id IN (1, 299, 300) ORDER BY id")
        assert cursor.fetchall() == [(1,), (299,), (300,)]
        cursor.execute("UPDATE many SET n = 7 WHERE id = 300")
        assert cursor.rowcount == 1


def test_not_in_a_transaction(connect):
    session = connect()
    with session.cursor() as cursor:
        cursor.execute("SET kalam.flush_capped_scans = on")
        cursor.execute("BEGIN")
        cursor.execute("UPDATE many SET n = 8 WHERE id = 300")
        with pytest.raises(psycopg2.Error) as error:
            cursor.execute("SELECT count(*) FROM many")
        assert error.value.pgcode == "54000"
        cursor.execute("ROLLBACK")


def test_a_new_column_is_not_filled_in_some_rows(connect):
    session = connect()
    with session.cursor() as cursor:
        for column in ["x int DEFAULT 5", "u uuid DEFAULT gen_random_uuid()"]:
            with pytest.raises(psycopg2.Error) as error:
                cursor.execute(f"ALTER TABLE many ADD COLUMN {column}")
            assert error.value.pgcode == "54000"


def test_flushed_and_read_again(connect):
    session = connect()
    with session.cursor() as cursor:
        cursor.execute("SET kalam.flush_capped_scans = on")
        cursor.execute("SELECT count(*), max(id) FROM many")
        assert cursor.fetchone() == (300, 300)


def test_cold_rows_cannot_be_cut(cluster, connect):
    session = connect()
    with session.cursor() as cursor:
        cursor.execute("SET kalam.flush_capped_scans = on")
        cursor.execute("SELECT count(*) FROM many")
        cursor.execute("SET kalam.flush_capped_scans = off")
        cursor.execute("SELECT count(*), max(id) FROM many")
        assert cursor.fetchone() == (300, 300)


def test_a_new_column_is_filled_in_cold_rows(connect):
    session = connect()
    with session.cursor() as cursor:
        cursor.execute("SET kalam.flush_capped_scans = on")
        cursor.execute("ALTER TABLE many ADD COLUMN x int NOT NULL DEFAULT 5")
        cursor.execute("SELECT count(*), sum(x) FROM many")
        assert cursor.fetchone() == (300, 1500)
