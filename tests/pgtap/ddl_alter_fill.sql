-- ADD COLUMN with a default in a table with rows: of types that the server's SQL UPDATE cannot write or step over.
BEGIN;
SELECT plan(14);
\ir include/remote.psql

CREATE SCHEMA pgtap_fill;
CREATE TABLE pgtap_fill.t (id bigint PRIMARY KEY, a text) USING kalamdb;
SELECT kalam_exec('INSERT INTO pgtap_fill.t (id, a) VALUES (1, ''x''), (2, ''y''), (3, ''z'')');

ALTER TABLE pgtap_fill.t ADD COLUMN c numeric(5,2) NOT NULL DEFAULT 1.25, ADD COLUMN tm time NOT NULL DEFAULT '10:11:12.5',
    ADD COLUMN u uuid NOT NULL DEFAULT '01234567-89ab-cdef-0123-456789abcdef', ADD COLUMN b bytea NOT NULL DEFAULT '\x0102', ADD COLUMN un uuid DEFAULT '01234567-89ab-cdef-0123-456789abcdef',
    ADD COLUMN v EMBEDDING(2) DEFAULT '{1,2}';
SELECT results_eq('SELECT DISTINCT c, tm, u, b, un, v::text FROM pgtap_fill.t',
                  $$VALUES (1.25, '10:11:12.5'::time, '01234567-89ab-cdef-0123-456789abcdef'::uuid, '\x0102'::bytea, '01234567-89ab-cdef-0123-456789abcdef'::uuid, '{1,2}')$$,
                  'columns of such types');
ALTER TABLE pgtap_fill.t ADD COLUMN x int DEFAULT 3, ADD COLUMN d date NOT NULL DEFAULT '2020-01-02', ADD COLUMN j jsonb NOT NULL DEFAULT '{"k": [1]}', ADD COLUMN l int[] NOT NULL DEFAULT '{1,2}',
    ADD COLUMN now timestamptz NOT NULL DEFAULT now(), ADD COLUMN sid bigserial, ADD COLUMN word text DEFAULT 'using it';
SELECT results_eq('SELECT id, x, d, j, l, now, word FROM pgtap_fill.t ORDER BY id',
                  $$SELECT id::bigint, 3, '2020-01-02'::date, '{"k": [1]}'::jsonb, '{1,2}'::int[], now(), 'using it' FROM generate_series(1, 3) id$$,
                  'other columns beside them');
SELECT is(count(DISTINCT sid), 3::bigint, 'each its own snowflake id') FROM pgtap_fill.t;
ALTER TABLE pgtap_fill.t ADD COLUMN r uuid NOT NULL DEFAULT gen_random_uuid(), ADD COLUMN rt text DEFAULT random()::text;
SELECT ok(count(DISTINCT r) = 3 AND count(DISTINCT rt) = 3, 'a volatile default is evaluated for each row') FROM pgtap_fill.t;
SELECT ok(pg_temp.remote_columns('pgtap_fill', 't') ~ ('c DECIMAL\(5, 2\) NOT NULL .*tm TIME NOT NULL .*u UUID NOT NULL .*b BYTES NOT NULL.*x INT DEFAULT .*d DATE NOT NULL.*'
                                                       'l TEXT NOT NULL .*sid BIGINT NOT NULL .*r UUID NOT NULL'), 'the server knows what is NOT NULL');
SELECT results_eq('SELECT a FROM pgtap_fill.t ORDER BY id', $$VALUES ('x'), ('y'), ('z')$$, 'the other values are untouched');

ALTER TABLE pgtap_fill.t DROP COLUMN c, ADD COLUMN y int NOT NULL DEFAULT 9;
SELECT results_eq('SELECT DISTINCT y FROM pgtap_fill.t', 'VALUES (9)', 'beside a dropped column, which the server has until the commit');
SELECT throws_ok('ALTER TABLE pgtap_fill.t ADD COLUMN n bigint NOT NULL DEFAULT nullif(1, 1)', '23502', 'column "n" of relation "t" contains null values', 'a default that is NULL');
SELECT throws_ok('ALTER TABLE pgtap_fill.t ADD COLUMN n uuid NOT NULL DEFAULT CASE WHEN random() < 2 THEN NULL ELSE gen_random_uuid() END', '23502', NULL, 'also where it is known row by row only');
SELECT throws_ok($$ALTER TABLE pgtap_fill.t ADD COLUMN n float NOT NULL DEFAULT 'NaN'$$, '22003', NULL, 'one that the server cannot store');
SELECT lives_ok('ALTER TABLE pgtap_fill.t ADD COLUMN n numeric(5,2) DEFAULT nullif(1, 1)', 'NULL in a column that may be');

CREATE TEMP TABLE before AS SELECT pg_temp.remote_columns('pgtap_fill', 't') AS remote;
SAVEPOINT s;
ALTER TABLE pgtap_fill.t ADD COLUMN back numeric(5,2) NOT NULL DEFAULT 2;
SELECT results_eq('SELECT DISTINCT back FROM pgtap_fill.t', 'VALUES (2.00)', 'filled');
ROLLBACK TO s;
SELECT is(pg_temp.remote_columns('pgtap_fill', 't'), remote, 'and rolled back') FROM before;
ALTER TABLE pgtap_fill.t ADD COLUMN back numeric(5,2);
SELECT results_eq('SELECT DISTINCT back FROM pgtap_fill.t', 'VALUES (NULL::numeric)', 'its values with it');

SELECT * FROM finish();
ROLLBACK;
