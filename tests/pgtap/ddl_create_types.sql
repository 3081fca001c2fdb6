-- Each type of a column list and its remote counterpart, KalamDB's own type names included.
BEGIN;
SELECT plan(4);
\ir include/remote.psql

CREATE SCHEMA pgtap_types;
CREATE DOMAIN pgtap_types.amount AS numeric(6,2);
CREATE TYPE pgtap_types.mood AS ENUM ('sad', 'ok');
CREATE TABLE pgtap_types.t (
    id bigint PRIMARY KEY, a boolean, b smallint, c integer, d real, e double precision, f text, g varchar(10), h char(3), i name,
    j pgtap_types.mood, k json, l jsonb, m date, n time, o timestamp, p timestamptz, q bytea, r uuid, s numeric(10,2),
    t pgtap_types.amount, u int[], v inet
) USING kalamdb;
SELECT is(pg_temp.remote_columns('pgtap_types', 't'),
          E'id BIGINT NOT NULL KEY\na BOOLEAN\nb SMALLINT\nc INT\nd FLOAT\ne DOUBLE\nf TEXT\ng TEXT\nh TEXT\ni TEXT\nj TEXT\nk JSON\nl JSON\n'
          'm DATE\nn TIME\no TIMESTAMP\np DATETIME\nq BYTES\nr UUID\ns DECIMAL(10, 2)\nt DECIMAL(6, 2)\nu TEXT\nv TEXT', 'the types of PostgreSQL');

CREATE TABLE pgtap_types.own (id text PRIMARY KEY, att FILE, vec EMBEDDING(3), at DATETIME, x DOUBLE, raw BYTES, s STRING) USING kalamdb;
SELECT is(pg_temp.remote_columns('pgtap_types', 'own'),
          E'id TEXT NOT NULL KEY\natt FILE\nvec EMBEDDING(3)\nat DATETIME\nx DOUBLE\nraw BYTES\ns TEXT', 'KalamDB''s own names');
SELECT ok(pg_temp.local_columns('pgtap_types.own') LIKE E'%att jsonb (kalam\\_type=FILE)%raw bytea%', 'are types of PostgreSQL here');

CREATE TABLE pgtap_types.keyed (id uuid PRIMARY KEY, a int) USING kalamdb;
SELECT is(pg_temp.remote_columns('pgtap_types', 'keyed'), E'id TEXT NOT NULL KEY\na INT', 'a uuid key is TEXT on the server');

SELECT * FROM finish();
ROLLBACK;
