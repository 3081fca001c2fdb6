-- CREATE TABLE in a subtransaction that rolls back leaves no remote table; errors inside a handler neither.
BEGIN;
SELECT plan(6);
\ir include/remote.psql

CREATE SCHEMA pgtap_rollback;
SAVEPOINT s;
CREATE TABLE pgtap_rollback.a (id bigint PRIMARY KEY) USING kalamdb;
SELECT is(pg_temp.remote_tables('pgtap_rollback'), 'a', 'it is there at once');
ROLLBACK TO s;
SELECT is(pg_temp.remote_tables('pgtap_rollback'), NULL, 'and gone after ROLLBACK TO');

SAVEPOINT s;
CREATE TABLE pgtap_rollback.b (id bigint PRIMARY KEY) USING kalamdb;
RELEASE s;
SELECT is(pg_temp.remote_tables('pgtap_rollback'), 'b', 'RELEASE keeps it');

DO $$ BEGIN
    CREATE TABLE pgtap_rollback.c (id bigint PRIMARY KEY) USING kalamdb;
    RAISE division_by_zero;
EXCEPTION WHEN division_by_zero THEN NULL;
END $$;
SELECT is(pg_temp.remote_tables('pgtap_rollback'), 'b', 'an exception handler undoes it');

DROP TABLE pgtap_rollback.b;
SELECT lives_ok('CREATE TABLE pgtap_rollback.b (id bigint PRIMARY KEY, again int) USING kalamdb', 'dropped and created again in one transaction');
SELECT is(pg_temp.remote_columns('pgtap_rollback', 'b'), E'id BIGINT NOT NULL KEY\nagain INT', 'it is the new one');

SELECT * FROM finish();
ROLLBACK;
