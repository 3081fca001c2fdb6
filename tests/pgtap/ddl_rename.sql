-- RENAME of column, table and schema, and SET SCHEMA, change local names only and keep the remote identity.
BEGIN;
SELECT plan(10);
\ir include/remote.psql

CREATE SCHEMA pgtap_rename;
CREATE SCHEMA pgtap_rename_other;
CREATE TABLE pgtap_rename.t (id bigint PRIMARY KEY, a text) USING kalamdb;
INSERT INTO pgtap_rename.t VALUES (1, 'kept');

ALTER TABLE pgtap_rename.t RENAME COLUMN a TO "B b";
SELECT results_eq('SELECT "B b" FROM pgtap_rename.t', $$VALUES ('kept')$$, 'a renamed column keeps its values');
ALTER FOREIGN TABLE pgtap_rename.t RENAME COLUMN id TO key;
SELECT is(pg_temp.local_columns('pgtap_rename.t'), E'key bigint NOT NULL (key=true, column_name=id)\nB b text (column_name=a)\n_seq bigint', 'options say the remote names');
UPDATE pgtap_rename.t SET "B b" = 'changed' WHERE key = 1;
SELECT results_eq('SELECT key, "B b" FROM pgtap_rename.t', $$VALUES (1::bigint, 'changed')$$, 'the renamed key works');
ALTER TABLE pgtap_rename.t RENAME TO t2;
SELECT is(count(*), 1::bigint, 'a renamed table is the same table') FROM pgtap_rename.t2;
ALTER TABLE pgtap_rename.t2 SET SCHEMA pgtap_rename_other;
SELECT is(count(*), 1::bigint, 'a moved table too') FROM pgtap_rename_other.t2;
ALTER SCHEMA pgtap_rename_other RENAME TO pgtap_renamed;
SELECT is(count(*), 1::bigint, 'and one in a renamed schema') FROM pgtap_renamed.t2;
SELECT is(pg_temp.remote_columns('pgtap_rename', 't'), E'id BIGINT NOT NULL KEY\na TEXT', 'nothing changed remotely');
ALTER TABLE pgtap_renamed.t2 ADD COLUMN a int;
SELECT is(pg_temp.remote_columns('pgtap_rename', 't'), E'id BIGINT NOT NULL KEY\na TEXT\na_2 INT', 'a new column may have the old local name');
SELECT throws_ok('ALTER TABLE pgtap_renamed.t2 RENAME COLUMN _seq TO version', '0A000', NULL, 'system columns keep their names');
SELECT throws_ok('ALTER TABLE pgtap_renamed.t2 RENAME COLUMN a TO _userid', '0A000', NULL, 'which others cannot have');

SELECT * FROM finish();
ROLLBACK;
