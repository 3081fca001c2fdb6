"""An UPDATE sends the columns that it changes, so that it undoes nothing of what another session did to the others meanwhile."""
import pytest


@pytest.mark.parametrize("condition", ["id = 1", "n = 1"])
def test_other_columns_are_left_alone(cluster, connect, condition):
    cluster.sql("CREATE TABLE public.changed (id bigint PRIMARY KEY, n int, title text) USING kalamdb")
    cluster.sql("INSERT INTO changed VALUES (1, 1, 'old')")
    session = connect(autocommit=False)
    with session.cursor() as cursor:
        cursor.execute(f"UPDATE changed SET n = 2 WHERE {condition}")
        cluster.sql("UPDATE changed SET title = 'new' WHERE id = 1")
    session.commit()
    assert cluster.sql("SELECT n, title FROM changed") == [(2, "new")]
    cluster.sql("DROP TABLE changed")
