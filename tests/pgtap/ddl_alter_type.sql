-- ALTER COLUMN TYPE: only what every stored value survives.
BEGIN;
SELECT plan(15);
\ir include/remote.psql

CREATE SCHEMA pgtap_alter_type;
CREATE TABLE pgtap_alter_type.t (id int PRIMARY KEY, a smallint, b int NOT NULL, c varchar(5), d numeric(6,2)) USING kalamdb;
SELECT kalam_exec('INSERT INTO pgtap_alter_type.t (id, a, b, c, d) VALUES (1, 2, 3, ''four'', 5.25)');
ALTER TABLE pgtap_alter_type.t ALTER COLUMN a TYPE int, ALTER COLUMN b SET DATA TYPE bigint, ALTER c TYPE text, ALTER d TYPE numeric(10,2);
SELECT is(pg_temp.remote_columns('pgtap_alter_type', 't'), E'id INT NOT NULL KEY\na INT\nb BIGINT NOT NULL\nc TEXT\nd DECIMAL(10, 2)', 'wider types on both sides');
SELECT results_eq('SELECT a, b, c, d FROM pgtap_alter_type.t', $$VALUES (2, 3::bigint, 'four'::text, 5.25::numeric)$$, 'the values are the same');
SELECT throws_ok('ALTER TABLE pgtap_alter_type.t ALTER COLUMN b TYPE smallint', '0A000', NULL, 'narrower: refused');
SELECT throws_ok('ALTER TABLE pgtap_alter_type.t ALTER COLUMN c TYPE int USING c::int', '0A000', NULL, 'text to a number: refused');
SELECT throws_ok('ALTER TABLE pgtap_alter_type.t ALTER COLUMN c TYPE varchar(2)', '0A000', NULL, 'a limit on text: refused');
SELECT throws_ok('ALTER TABLE pgtap_alter_type.t ALTER COLUMN id TYPE bigint', '0A000', NULL, 'the key: refused');
SAVEPOINT s;
ALTER TABLE pgtap_alter_type.t ALTER COLUMN a TYPE bigint;
ROLLBACK TO s;
SELECT is(pg_temp.remote_columns('pgtap_alter_type', 't'), E'id INT NOT NULL KEY\na INT\nb BIGINT NOT NULL\nc TEXT\nd DECIMAL(10, 2)', 'undone with its subtransaction');
-- What migration tools write.
SELECT lives_ok('ALTER TABLE pgtap_alter_type.t ALTER COLUMN "a" TYPE bigint USING "a"::bigint', 'a cast of the column to the new type');
SELECT lives_ok('ALTER TABLE pgtap_alter_type.t ALTER COLUMN d TYPE numeric(12,2) USING CAST(t.d AS numeric(12,2))', 'in other words');
SELECT is(pg_temp.remote_columns('pgtap_alter_type', 't'), E'id INT NOT NULL KEY\na BIGINT\nb BIGINT NOT NULL\nc TEXT\nd DECIMAL(12, 2)', 'done on both sides');
SELECT throws_ok('ALTER TABLE pgtap_alter_type.t ALTER COLUMN d TYPE numeric(14,2) USING (' || expression || ')', '0A000',
                 'cannot change the values of column "d" of KalamDB tables by USING', 'not: ' || expression)
FROM (VALUES ('d * 2'), ('a::numeric(14,2)'), ('d::numeric(3,2)'), ('d::int')) AS other (expression);
SELECT throws_ok('ALTER TABLE pgtap_alter_type.t ALTER COLUMN _seq TYPE text', '0A000', NULL, 'system columns are left alone');

SELECT * FROM finish();
ROLLBACK;
