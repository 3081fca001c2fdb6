-- ALTER COLUMN SET and DROP NOT NULL.
BEGIN;
SELECT plan(6);
\ir include/remote.psql

CREATE SCHEMA pgtap_not_null;
CREATE TABLE pgtap_not_null.t (id bigint PRIMARY KEY, a text, b text NOT NULL) USING kalamdb;
ALTER TABLE pgtap_not_null.t ALTER COLUMN a SET NOT NULL, ALTER b DROP NOT NULL;
SELECT is(pg_temp.remote_columns('pgtap_not_null', 't'), E'id BIGINT NOT NULL KEY\na TEXT NOT NULL\nb TEXT', 'both sides agree');
SELECT throws_ok('ALTER TABLE pgtap_not_null.t ALTER COLUMN id DROP NOT NULL', '42P16', NULL, 'the key stays NOT NULL');
SELECT kalam_exec('INSERT INTO pgtap_not_null.t (id, a, b) VALUES (1, ''x'', NULL)');
SELECT throws_ok('ALTER TABLE pgtap_not_null.t ALTER COLUMN b SET NOT NULL', '23502', 'column "b" of relation "t" contains null values', 'rows without a value are found');
SELECT throws_ok('ALTER TABLE pgtap_not_null.t ALTER COLUMN a DROP NOT NULL, ALTER COLUMN b SET NOT NULL', '23502', NULL, 'in one of several actions');
SELECT is(pg_temp.remote_columns('pgtap_not_null', 't'), E'id BIGINT NOT NULL KEY\na TEXT NOT NULL\nb TEXT', 'none of them happened');
SELECT throws_ok('ALTER TABLE pgtap_not_null.t ALTER COLUMN _seq SET NOT NULL', '0A000', NULL, 'system columns are left alone');

SELECT * FROM finish();
ROLLBACK;
