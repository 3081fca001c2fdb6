-- ALTER TABLE ADD COLUMN: the server has the column at once; existing rows have the default, as PostgreSQL promises.
BEGIN;
SELECT plan(11);
\ir include/remote.psql

CREATE SCHEMA pgtap_add;
CREATE TABLE pgtap_add.t (id bigint PRIMARY KEY, a text) USING kalamdb;
SELECT kalam_exec('INSERT INTO pgtap_add.t (id, a) VALUES (1, ''x''), (2, ''y'')');

ALTER TABLE pgtap_add.t ADD COLUMN plain int, ADD COLUMN d text NOT NULL DEFAULT 'pending', ADD n int DEFAULT 8;
ALTER FOREIGN TABLE pgtap_add.t ADD COLUMN sid bigserial, ADD COLUMN att FILE;
SELECT is(pg_temp.remote_columns('pgtap_add', 't'),
          E'id BIGINT NOT NULL KEY\na TEXT\nplain INT\nd TEXT NOT NULL DEFAULT String("pending")\nn INT DEFAULT Number(8)\nsid BIGINT NOT NULL DEFAULT SNOWFLAKE_ID()\natt FILE',
          'several columns in one statement');
SELECT results_eq('SELECT id, a, plain, d, n FROM pgtap_add.t ORDER BY id', $$VALUES (1::bigint, 'x', NULL::int, 'pending', 8), (2, 'y', NULL, 'pending', 8)$$,
                  'existing rows have the defaults');
SELECT is(count(DISTINCT sid), 2::bigint, 'each its own snowflake id') FROM pgtap_add.t;
ALTER TABLE pgtap_add.t ADD COLUMN local_only text DEFAULT upper('calc' || length(current_user));
SELECT is(count(*), 2::bigint, 'a local default is computed once') FROM pgtap_add.t WHERE local_only LIKE 'CALC%';
SELECT lives_ok('ALTER TABLE pgtap_add.t ADD COLUMN IF NOT EXISTS a text', 'IF NOT EXISTS is a notice');

SELECT throws_ok('ALTER TABLE pgtap_add.t ADD COLUMN m int NOT NULL', '23502', 'column "m" of relation "t" contains null values', 'NOT NULL without a default, with rows');
SELECT throws_ok('ALTER TABLE pgtap_add.t ADD COLUMN k int PRIMARY KEY', '0A000', NULL, 'another key');
SELECT throws_ok('ALTER TABLE pgtap_add.t ADD COLUMN _deleted boolean', '42P16', NULL, 'a system column');
SELECT throws_ok('ALTER TABLE pgtap_add.t ADD COLUMN ok int, ADD COLUMN "select" int', '42602', NULL, 'a name that the server cannot take');
SELECT throws_ok('ALTER TABLE pgtap_add.t ADD COLUMN g int GENERATED ALWAYS AS (n + 1) STORED', '0A000', NULL, 'a generated column, with rows');
SELECT ok(pg_temp.remote_columns('pgtap_add', 't') ~ '\mlocal_only TEXT$', 'what was refused left nothing on the server');

SELECT * FROM finish();
ROLLBACK;
