-- A dump's definition stands for the remote table that exists, renamed columns and KalamDB's own types included.
BEGIN;
SELECT plan(6);
\ir include/remote.psql

SELECT kalam_exec('DROP NAMESPACE IF EXISTS pgtap_restore');
SELECT kalam_exec('CREATE NAMESPACE pgtap_restore');
SELECT kalam_exec('CREATE SHARED TABLE pgtap_restore.items (code TEXT PRIMARY KEY, title TEXT, att FILE, v EMBEDDING(2))');
CREATE TEMP TABLE before AS SELECT pg_temp.remote_columns('pgtap_restore', 'items') AS remote;

CREATE SCHEMA pgtap_restored;
-- What pg_dump writes: column options come in statements of their own.
CREATE FOREIGN TABLE pgtap_restored.things ("The code" text NOT NULL, "T x" text DEFAULT 'x'::text, att jsonb, v real[], _seq bigint)
SERVER kalam_server OPTIONS (namespace 'pgtap_restore', "table" 'items', table_type 'shared', flush_policy 'rows:10');
ALTER FOREIGN TABLE pgtap_restored.things ALTER COLUMN "The code" OPTIONS (column_name 'code', key 'true');
ALTER FOREIGN TABLE pgtap_restored.things ALTER COLUMN "T x" OPTIONS (column_name 'title');
ALTER FOREIGN TABLE pgtap_restored.things ALTER COLUMN att OPTIONS (kalam_type 'FILE');
ALTER FOREIGN TABLE pgtap_restored.things ALTER COLUMN v OPTIONS (kalam_type 'EMBEDDING(2)');
SELECT is(pg_temp.local_columns('pgtap_restored.things'),
          E'The code text NOT NULL (column_name=code, key=true)\nT x text (column_name=title)\natt jsonb (kalam_type=FILE)\nv real[] (kalam_type=EMBEDDING(2))\n_seq bigint',
          'the definition is restored as it was');
SELECT is(pg_temp.remote_columns('pgtap_restore', 'items'), remote, 'nothing changed remotely') FROM before;
SELECT is(pg_temp.remote_tables('pgtap_restored'), NULL, 'and nothing was created');
SELECT is_empty('SELECT "The code", "T x", att, v FROM pgtap_restored.things', 'the table can be read');
SELECT throws_ok('CREATE FOREIGN TABLE pgtap_restored.gone (id bigint, _seq bigint) SERVER kalam_server OPTIONS (namespace ''pgtap_restore'', "table" ''gone'')',
                 '42P01', 'KalamDB table "pgtap_restore.gone" does not exist', 'a dump does not create tables');
SET LOCAL kalam.mirror_ddl = off;
SELECT lives_ok('CREATE FOREIGN TABLE pgtap_restored.gone (id bigint, _seq bigint) SERVER kalam_server OPTIONS (namespace ''pgtap_restore'', "table" ''gone'')',
                'unless the definition alone is wanted');

SELECT * FROM finish();
ROLLBACK;
