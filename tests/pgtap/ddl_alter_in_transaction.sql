-- ALTER TABLE in a transaction that reads and writes the table.
BEGIN;
SELECT plan(6);
\ir include/remote.psql

CREATE SCHEMA pgtap_alter_tx;
CREATE TABLE pgtap_alter_tx.t (id bigint PRIMARY KEY, a text) USING kalamdb;
CREATE TABLE pgtap_alter_tx.other (id bigint PRIMARY KEY) USING kalamdb;
SELECT kalam_exec('INSERT INTO pgtap_alter_tx.t (id, a) VALUES (1, ''x'')');
INSERT INTO pgtap_alter_tx.other VALUES (1);
SELECT is(count(*), 1::bigint, 'the transaction has read') FROM pgtap_alter_tx.t;
ALTER TABLE pgtap_alter_tx.t ADD COLUMN b int DEFAULT 5;
SELECT results_eq('SELECT id, b FROM pgtap_alter_tx.t', 'VALUES (1::bigint, 5)', 'it sees the default of a column added since');
SELECT results_eq('SELECT id FROM pgtap_alter_tx.other', 'VALUES (1::bigint)', 'and what it had written');

INSERT INTO pgtap_alter_tx.t VALUES (2, 'y');
SELECT throws_ok('ALTER TABLE pgtap_alter_tx.t ADD COLUMN c int DEFAULT 6', '55000', NULL, 'rows written by the transaction could not be given a default');
SELECT throws_ok('ALTER TABLE pgtap_alter_tx.t ALTER COLUMN a SET NOT NULL', '55000', NULL, 'nor be checked');
SELECT lives_ok('ALTER TABLE pgtap_alter_tx.t ADD COLUMN c int', 'a column that is NULL in them can be added');

SELECT * FROM finish();
ROLLBACK;
