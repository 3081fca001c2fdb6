-- New columns of user tables: existing rows of all users cannot be filled, which is said.
BEGIN;
SELECT plan(12);
\ir include/remote.psql

CREATE SCHEMA pgtap_alter_user;
CREATE TABLE pgtap_alter_user.t (id bigint PRIMARY KEY, a text) USING kalamdb WITH (type = 'user');
SELECT lives_ok('ALTER TABLE pgtap_alter_user.t ADD COLUMN must int NOT NULL', 'an empty table takes anything');
ALTER TABLE pgtap_alter_user.t ALTER COLUMN must DROP NOT NULL;
SELECT kalam_exec('INSERT INTO pgtap_alter_user.t (id, a) VALUES (1, ''x'')');
ALTER TABLE pgtap_alter_user.t ADD COLUMN d text DEFAULT 'pending';
SELECT ok(pg_temp.remote_columns('pgtap_alter_user', 't') ~ 'd TEXT DEFAULT String\("pending"\)', 'the column is there');
SELECT throws_ok('ALTER TABLE pgtap_alter_user.t ADD COLUMN m int NOT NULL', '23502', NULL, 'NOT NULL without a default, with rows of any user');
SET LOCAL kalam.user_id = 'pg-extension';
SELECT is(d, NULL, 'an existing row shows NULL') FROM pgtap_alter_user.t;

-- Of a NOT NULL column too, whatever the type: the server can neither read nor change rows without a value in one.
SET LOCAL client_min_messages = error;
ALTER TABLE pgtap_alter_user.t ADD COLUMN n numeric(5,2) NOT NULL DEFAULT 3.5, ADD COLUMN u uuid NOT NULL DEFAULT gen_random_uuid(), ADD COLUMN tm time NOT NULL DEFAULT '10:00',
    ADD COLUMN b bytea NOT NULL DEFAULT '\x00', ADD COLUMN j jsonb NOT NULL DEFAULT '{}', ADD COLUMN l int[] NOT NULL DEFAULT '{}', ADD COLUMN iv interval NOT NULL DEFAULT '1 day',
    ADD COLUMN i int NOT NULL DEFAULT 4, ADD COLUMN t text NOT NULL DEFAULT 'x';
SELECT is((n, u, tm, b, j, l, iv, i, t)::text, '(,,,,,,,,)', 'an existing row can be read') FROM pgtap_alter_user.t;
SELECT ok(pg_temp.remote_columns('pgtap_alter_user', 't') ~ 'n DECIMAL\(5, 2\) DEFAULT .*i INT DEFAULT ', 'on the server they may be NULL');
SELECT ok(pg_temp.local_columns('pgtap_alter_user.t') ~ 'n numeric\(5,2\) NOT NULL.*i integer NOT NULL', 'not here');
SELECT throws_ok($$INSERT INTO pgtap_alter_user.t (id, n) VALUES (2, NULL)$$, '23502', NULL, 'which INSERT heeds');
SELECT throws_ok($$UPDATE pgtap_alter_user.t SET n = NULL WHERE id = 1$$, '23502', NULL, 'UPDATE by key');
SELECT throws_ok($$UPDATE pgtap_alter_user.t SET n = NULL WHERE a = 'x'$$, '23502', NULL, 'and UPDATE of what is read');

CREATE TEMP TABLE before AS SELECT pg_temp.remote_columns('pgtap_alter_user', 't') AS remote;
SAVEPOINT s;
ALTER TABLE pgtap_alter_user.t ALTER COLUMN n DROP NOT NULL, ALTER COLUMN i TYPE bigint;
ROLLBACK TO s;
SELECT is(pg_temp.remote_columns('pgtap_alter_user', 't'), remote, 'nothing makes them NOT NULL there: no rollback') FROM before;
ALTER TABLE pgtap_alter_user.t ALTER COLUMN i TYPE bigint;
SELECT results_eq('SELECT id, i FROM pgtap_alter_user.t', 'VALUES (1::bigint, NULL::bigint)', 'nor another type');

SELECT * FROM finish();
ROLLBACK;
