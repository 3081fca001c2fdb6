-- ALTER TABLE in a subtransaction that rolls back leaves both sides as they were.
BEGIN;
SELECT plan(4);
\ir include/remote.psql

CREATE SCHEMA pgtap_alter_rollback;
CREATE TABLE pgtap_alter_rollback.t (id bigint PRIMARY KEY, a text, b int NOT NULL DEFAULT 1) USING kalamdb;
CREATE TEMP TABLE before AS SELECT pg_temp.remote_columns('pgtap_alter_rollback', 't') AS remote, pg_temp.local_columns('pgtap_alter_rollback.t') AS local;
SAVEPOINT s;
ALTER TABLE pgtap_alter_rollback.t ADD COLUMN c int DEFAULT 3, DROP COLUMN a, ALTER COLUMN b DROP NOT NULL, ALTER COLUMN b SET DEFAULT 2, ALTER COLUMN b TYPE bigint;
SELECT ok(pg_temp.remote_columns('pgtap_alter_rollback', 't') <> remote, 'the server''s table was altered') FROM before;
ROLLBACK TO s;
SELECT is(pg_temp.remote_columns('pgtap_alter_rollback', 't'), remote, 'and is as before') FROM before;
SELECT is(pg_temp.local_columns('pgtap_alter_rollback.t'), local, 'as is the local one') FROM before;
DO $$ BEGIN
    ALTER TABLE pgtap_alter_rollback.t ADD COLUMN d int;
    PERFORM 1 / 0;
EXCEPTION WHEN division_by_zero THEN NULL;
END $$;
SELECT is(pg_temp.remote_columns('pgtap_alter_rollback', 't'), remote, 'after an exception too') FROM before;

SELECT * FROM finish();
ROLLBACK;
