-- ALTER TABLE in a transaction that reads and writes the table.
BEGIN;
SELECT plan(9);
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
UPDATE pgtap_alter_tx.t SET a = a || '!' WHERE id = 1;
ALTER TABLE pgtap_alter_tx.t ADD COLUMN c int DEFAULT 6, ADD COLUMN n numeric(5,2) NOT NULL DEFAULT 7;
SELECT results_eq('SELECT id, a, b, c, n FROM pgtap_alter_tx.t ORDER BY id', $$VALUES (1::bigint, 'x!', 5, 6, 7.00), (2, 'y', 5, 6, 7)$$, 'rows that it has written have the default too');
INSERT INTO pgtap_alter_tx.t VALUES (3, 'z');
SAVEPOINT s;
ALTER TABLE pgtap_alter_tx.t ADD COLUMN d uuid NOT NULL DEFAULT gen_random_uuid();
SELECT is(count(DISTINCT d), 3::bigint, 'below a savepoint as well') FROM pgtap_alter_tx.t;
ROLLBACK TO s;
SELECT results_eq('SELECT id, a, c, n FROM pgtap_alter_tx.t ORDER BY id', $$VALUES (1::bigint, 'x!', 6, 7.00), (2, 'y', 6, 7), (3, 'z', 6, 7)$$, 'which leaves them as they were');
SELECT throws_ok('ALTER TABLE pgtap_alter_tx.t ALTER COLUMN a SET NOT NULL', '55000', NULL, 'they cannot be checked');
SELECT throws_ok('ALTER TABLE pgtap_alter_tx.t ADD COLUMN m int NOT NULL', '55000', NULL, 'for want of a default neither');
SELECT lives_ok('ALTER TABLE pgtap_alter_tx.t ADD COLUMN e int', 'a column that is NULL in them can be added');

SELECT * FROM finish();
ROLLBACK;
