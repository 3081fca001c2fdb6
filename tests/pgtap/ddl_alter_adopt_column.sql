-- ADD COLUMN with the option column_name stands for a remote column that is there, made by kalam_exec for example.
BEGIN;
SELECT plan(5);
\ir include/remote.psql

SELECT kalam_exec('DROP NAMESPACE IF EXISTS pgtap_adopt_column');
CREATE SCHEMA pgtap_adopt_column;
CREATE TABLE pgtap_adopt_column.t (id bigint PRIMARY KEY) USING kalamdb;
SELECT kalam_exec('ALTER TABLE pgtap_adopt_column.t ADD COLUMN priority INTEGER DEFAULT 0');
SELECT kalam_exec('INSERT INTO pgtap_adopt_column.t (id, priority) VALUES (1, 7)');
ALTER FOREIGN TABLE pgtap_adopt_column.t ADD COLUMN priority integer OPTIONS (column_name 'priority');
SELECT results_eq('SELECT id, priority FROM pgtap_adopt_column.t', 'VALUES (1::bigint, 7)', 'its values are seen');
SELECT is(pg_temp.remote_columns('pgtap_adopt_column', 't'), E'id BIGINT NOT NULL KEY\npriority INT DEFAULT Number(0)', 'nothing changed remotely');
ALTER TABLE pgtap_adopt_column.t ADD COLUMN "Other" text OPTIONS (column_name 'other');
SELECT ok(pg_temp.remote_columns('pgtap_adopt_column', 't') LIKE E'%\nother TEXT', 'a free name is taken for a new column');
SELECT throws_ok('ALTER TABLE pgtap_adopt_column.t ADD COLUMN again text OPTIONS (column_name ''priority'')', '42701', NULL, 'another type');
SELECT kalam_exec('ALTER TABLE pgtap_adopt_column.t DROP COLUMN other');
SELECT throws_ok('ALTER TABLE pgtap_adopt_column.t ADD COLUMN back text OPTIONS (column_name ''other'')', '42701', NULL, 'the name of a dropped column');

SELECT * FROM finish();
ROLLBACK;
