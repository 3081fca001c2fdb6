-- kalam.mirror_ddl = off: statements act on the local definitions only.
BEGIN;
SELECT plan(5);
\ir include/remote.psql

CREATE SCHEMA pgtap_local_only;
CREATE TABLE pgtap_local_only.t (id bigint PRIMARY KEY, a text) USING kalamdb;
SET LOCAL kalam.mirror_ddl = off;
ALTER TABLE pgtap_local_only.t ADD COLUMN b int, DROP COLUMN a;
SELECT is(pg_temp.remote_columns('pgtap_local_only', 't'), E'id BIGINT NOT NULL KEY\na TEXT', 'ALTER leaves the server alone');
SELECT lives_ok('CREATE TABLE pgtap_local_only.u (id bigint PRIMARY KEY) USING kalamdb', 'CREATE makes a local definition');
SELECT is(pg_temp.remote_tables('pgtap_local_only'), 't', 'without a remote table');
DROP TABLE pgtap_local_only.t;
SELECT hasnt_foreign_table('pgtap_local_only', 't', 'DROP removes a local definition');
SELECT is(pg_temp.remote_tables('pgtap_local_only'), 't', 'and keeps the remote table');

SELECT * FROM finish();
ROLLBACK;
