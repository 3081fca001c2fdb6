-- A dropped column's name can be used again, and its old values do not come back.
BEGIN;
SELECT plan(5);
\ir include/remote.psql

CREATE SCHEMA pgtap_again;
CREATE TABLE pgtap_again.t (id bigint PRIMARY KEY, a text) USING kalamdb;
SELECT kalam_exec('INSERT INTO pgtap_again.t (id, a) VALUES (1, ''old'')');
ALTER TABLE pgtap_again.t DROP COLUMN a;
SELECT ok(pg_temp.remote_columns('pgtap_again', 't') ~ '\ma TEXT', 'the remote DROP COLUMN waits for the commit');
ALTER TABLE pgtap_again.t ADD COLUMN a text;
SELECT results_eq('SELECT id, a FROM pgtap_again.t', 'VALUES (1::bigint, NULL::text)', 'the new column is empty');
SELECT ok(pg_temp.local_columns('pgtap_again.t') ~ 'a text \(column_name=a_2\)', 'it has another remote name');

-- Dropped by somebody else meanwhile: the name is not free either.
SELECT kalam_exec('ALTER TABLE pgtap_again.t ADD COLUMN b INT');
SELECT kalam_exec('UPDATE pgtap_again.t SET b = 5 WHERE id = 1');
SELECT kalam_exec('ALTER TABLE pgtap_again.t DROP COLUMN b');
ALTER TABLE pgtap_again.t ADD COLUMN b int;
SELECT results_eq('SELECT id, b FROM pgtap_again.t', 'VALUES (1::bigint, NULL::int)', 'a name that was in use before is avoided');
UPDATE pgtap_again.t SET a = 'new', b = 6;
SELECT results_eq('SELECT a, b FROM pgtap_again.t', $$VALUES ('new', 6)$$, 'the columns can be written');

SELECT * FROM finish();
ROLLBACK;
