-- New columns of user tables: existing rows of all users cannot be filled, which is said.
BEGIN;
SELECT plan(4);
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

SELECT * FROM finish();
ROLLBACK;
