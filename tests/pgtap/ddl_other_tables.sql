-- Statements about tables of other kinds pass through untouched, also without KalamDB.
BEGIN;
SELECT plan(7);
\ir include/remote.psql

CREATE SCHEMA pgtap_other;
-- Not every installation brings file_fdw; a wrapper without a handler has tables too, though nothing to read.
SELECT EXISTS (SELECT FROM pg_available_extensions WHERE name = 'file_fdw') AS has_file_fdw \gset
\if :has_file_fdw
CREATE EXTENSION IF NOT EXISTS file_fdw;
\else
CREATE FOREIGN DATA WRAPPER file_fdw;
\endif
CREATE SERVER pgtap_files FOREIGN DATA WRAPPER file_fdw;
CREATE FOREIGN TABLE pgtap_other.file (_seq text) SERVER pgtap_files OPTIONS (filename '/dev/null');
SELECT CASE WHEN :'has_file_fdw' THEN is_empty('SELECT * FROM pgtap_other.file', 'another wrapper''s table, with a column called _seq')
    ELSE throws_ok('SELECT * FROM pgtap_other.file', '55000', NULL, 'another wrapper''s table, with a column called _seq') END;
SELECT lives_ok('ALTER FOREIGN TABLE pgtap_other.file RENAME COLUMN _seq TO _userid', 'is altered');
SELECT throws_ok('DROP TABLE pgtap_other.file', '42809', NULL, 'DROP TABLE refuses it as ever');
SELECT lives_ok('DROP FOREIGN TABLE pgtap_other.file', 'DROP FOREIGN TABLE takes it');
CREATE TABLE pgtap_other.plain (id serial PRIMARY KEY, "Offset" numeric UNIQUE) WITH (fillfactor = 70);
SELECT lives_ok('ALTER TABLE pgtap_other.plain ADD COLUMN _deleted boolean, ALTER id TYPE bigint, DROP COLUMN "Offset"', 'a plain table is altered');
SELECT lives_ok('CREATE TABLE pgtap_other.heap (id int) USING heap', 'another access method');
SELECT is(pg_temp.remote_tables('pgtap_other'), NULL, 'the server never heard of them');

SELECT * FROM finish();
ROLLBACK;
