-- Unqualified names follow search_path; functions of defaults are found without the extension's schema in it.
BEGIN;
SELECT plan(4);
\ir include/remote.psql

CREATE SCHEMA pgtap_path;
CREATE SCHEMA pgtap_path_b CREATE TABLE inside (id bigint PRIMARY KEY, a text) USING kalamdb;
SELECT is(pg_temp.remote_tables('pgtap_path_b'), 'inside', 'an element of CREATE SCHEMA is a KalamDB table too');
CREATE TEMP TABLE shadow (x int);
SET LOCAL search_path = pgtap_path;
CREATE TABLE shadow (id bigint PRIMARY KEY DEFAULT snowflake_id(), a text DEFAULT ulid()) USING kalamdb;
RESET search_path;
SELECT is(pg_temp.remote_columns('pgtap_path', 'shadow'), E'id BIGINT NOT NULL KEY DEFAULT SNOWFLAKE_ID()\na TEXT DEFAULT ULID()',
          'the first schema of search_path is the namespace');
SELECT has_foreign_table('pgtap_path', 'shadow', 'and the local table is there');
SELECT is((SELECT relkind FROM pg_class WHERE oid = 'pg_temp.shadow'::regclass), 'r'::"char", 'a temporary table of that name is not confused with it');

SELECT * FROM finish();
ROLLBACK;
