"""Drivers and an ORM that know nothing of KalamDB: psycopg (text, binary, pipeline), asyncpg (prepared, cursors, COPY), SQLAlchemy on
psycopg2. Each does what it does with any PostgreSQL table.
"""
import asyncio
import io

import asyncpg
import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Session, declarative_base


@pytest.fixture(scope="module", autouse=True)
def table(cluster):
    cluster.sql("CREATE TABLE things (id bigint PRIMARY KEY DEFAULT snowflake_id(), title text NOT NULL, qty int DEFAULT 3, tags text[],"
                " meta jsonb, at timestamptz DEFAULT now()) USING kalamdb WITH (type = 'shared')")


@pytest.fixture(autouse=True)
def empty(cluster):
    cluster.sql("DELETE FROM things")


def psycopg3(cluster, **options):
    return psycopg.connect(host=f"{cluster.dir}/run", dbname="kalam", user="postgres", **options)


def test_psycopg_binary_parameters_and_results(cluster):
    with psycopg3(cluster, autocommit=True) as connection:
        cursor = connection.cursor(binary=True)
        cursor.execute("INSERT INTO things (id, title, tags, meta) VALUES (%b, %b, %b, %b)", (1, "grün", ["a", None], psycopg.types.json.Jsonb({"k": [1]})))
        cursor.execute("SELECT id, title, qty, tags, meta FROM things WHERE id = ANY(%b)", ([1, 2],))
        assert cursor.fetchall() == [(1, "grün", 3, ["a", None], {"k": [1]})]


def test_psycopg_executemany_and_server_cursor(cluster):
    with psycopg3(cluster) as connection:
        connection.cursor().executemany("INSERT INTO things (id, title) VALUES (%s, %s)", [(i, f"t{i}") for i in range(200)])
        with connection.cursor(name="walk") as cursor:
            cursor.itersize = 50
            assert [row[0] for row in cursor.execute("SELECT id FROM things ORDER BY id")] == list(range(200))


def test_pipeline_is_one_transaction(cluster):
    """Statements before a Sync succeed or fail together, as with any table."""
    cluster.sql("INSERT INTO things (id, title) VALUES (2, 'before')")
    with psycopg3(cluster, autocommit=True) as connection:
        with pytest.raises(psycopg.errors.DivisionByZero), connection.pipeline():
            connection.execute("UPDATE things SET title = 'after' WHERE id = 2")
            connection.execute("SELECT 1 / 0")
        assert connection.execute("SELECT title FROM things WHERE id = 2").fetchall() == [("before",)]


def test_asyncpg(cluster):
    async def work():
        connection = await asyncpg.connect(host=f"{cluster.dir}/run", user="postgres", database="kalam")
        await connection.executemany("INSERT INTO things (title, qty) VALUES ($1, $2)", [(f"x{i}", i) for i in range(20)])
        prepared = await connection.prepare("SELECT title, qty FROM things WHERE id = $1 OR title = $2")
        assert [tuple(row) for row in await prepared.fetch(5, "x3")] == [("x3", 3)]
        await connection.copy_records_to_table("things", records=[(i, f"copy{i}") for i in range(1000, 1500)], columns=["id", "title"])
        assert await connection.fetchval("SELECT count(*) FROM things WHERE title LIKE 'copy%'") == 500
        copied = io.BytesIO()
        await connection.copy_from_table("things", columns=["title", "id"], output=copied, format="csv", header=True)
        lines = copied.getvalue().decode().splitlines()
        assert lines[0] == "title,id" and "copy1007,1007" in lines and len(lines) == 521
        async with connection.transaction():
            await connection.execute("INSERT INTO things (id, title) VALUES (7, 'in a transaction')")
            seen = [row["id"] async for row in connection.cursor("SELECT id FROM things WHERE id < 1003 ORDER BY id")]
            assert seen == [7, 1000, 1001, 1002]
        updated = await connection.fetchrow("UPDATE things SET qty = qty + 1 WHERE id = 1001 RETURNING id, qty, _seq")
        assert updated["qty"] == 4 and updated["_seq"] > 0
        inserted = await connection.fetch("INSERT INTO things (id, title) VALUES (1001, 'd'), (8, 'n') ON CONFLICT DO NOTHING RETURNING id")
        assert [row["id"] for row in inserted] == [8]
        await connection.close()

    asyncio.run(work())


def test_sqlalchemy_unit_of_work(cluster):
    base = declarative_base()

    class Thing(base):
        __tablename__ = "things"
        id = sa.Column(sa.BigInteger, primary_key=True, server_default=sa.text("snowflake_id()"))
        title = sa.Column(sa.Text, nullable=False)
        qty = sa.Column(sa.Integer, server_default=sa.text("3"))
        meta = sa.Column(JSONB)

    engine = sa.create_engine(f"postgresql+psycopg2://postgres@/kalam?host={cluster.dir}/run")
    with Session(engine) as session:
        thing = Thing(title="first", meta={"k": [1, None]})
        session.add(thing)
        session.flush()
        assert thing.id > 0 and thing.qty == 3
        session.add_all([Thing(title=f"more {i}") for i in range(5)])
        session.commit()
        thing.qty = 9
        session.commit()
        assert session.execute(sa.select(sa.func.count(), sa.func.sum(Thing.qty))).all() == [(6, 24)]
        with pytest.raises(sa.exc.IntegrityError), session.begin_nested():
            session.execute(sa.insert(Thing).values(id=thing.id, title="duplicate"))
        session.delete(thing)
        session.commit()
        titles = session.scalars(sa.select(Thing.title).where(Thing.title.like("more%")).order_by(Thing.title).limit(2)).all()
        assert titles == ["more 0", "more 1"]
    engine.dispose()


def test_sqlalchemy_insert_that_names_the_key_of_its_conflict(cluster):
    things = sa.table("things", sa.column("id"), sa.column("title"))
    statement = insert(things).values([{"id": 1, "title": "first"}, {"id": 2, "title": "second"}])
    engine = sa.create_engine(f"postgresql+psycopg2://postgres@/kalam?host={cluster.dir}/run")
    with engine.begin() as connection:
        connection.execute(insert(things).values(id=1, title="known"))
    with engine.begin() as connection:
        assert connection.execute(statement.on_conflict_do_nothing(index_elements=["id"])).rowcount == 1
    assert cluster.sql("SELECT id, title FROM things ORDER BY id") == [(1, "known"), (2, "second")]
    engine.dispose()


def test_copy_to_is_for_who_may_read(cluster):
    """And brings back what COPY FROM takes."""
    cluster.sql("INSERT INTO things (id, title, tags) VALUES (1, E'a\tb', '{x,NULL}'), (2, 'grün', NULL)")
    cluster.sql("CREATE ROLE copier LOGIN")
    cluster.sql("GRANT SELECT (id, title) ON things TO copier")
    with psycopg3(cluster, autocommit=True) as connection:
        with connection.cursor().copy("COPY things TO STDOUT") as out:
            rows = b"".join(out)
        assert rows.count(b"\n") == 2
        connection.execute("DELETE FROM things")
        with connection.cursor().copy("COPY things FROM STDIN") as back:
            back.write(rows)
        assert connection.execute("SELECT id, title, tags FROM things ORDER BY id").fetchall() == [(1, "a\tb", ["x", None]), (2, "grün", None)]
    with psycopg.connect(host=f"{cluster.dir}/run", dbname="kalam", user="copier", autocommit=True) as connection:
        with connection.cursor().copy("COPY things (id) TO STDOUT") as out:
            assert sorted(b"".join(out).split()) == [b"1", b"2"]
        with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.cursor().copy("COPY things TO STDOUT") as out:
            b"".join(out)
