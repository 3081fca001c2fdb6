-- A dump's definition stands for the remote table that exists, renamed columns and KalamDB's own types included.
BEGIN;
SELECT plan(9);
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

-- A remote table that is not there is created, whatever the order in which the dump tells of it.
CREATE FOREIGN TABLE pgtap_restored.made (first text NOT NULL, "The code" text NOT NULL, "T x" text DEFAULT 'x'::text, att jsonb, v real[],
    at timestamptz DEFAULT now(), n numeric(10,2) DEFAULT 1 NOT NULL, _seq bigint)
SERVER kalam_server OPTIONS (namespace 'pgtap_restore', "table" 'made', table_type 'shared', flush_policy 'rows:10');
ALTER FOREIGN TABLE pgtap_restored.made ALTER COLUMN "The code" OPTIONS (column_name 'code', key 'true');
ALTER FOREIGN TABLE pgtap_restored.made ALTER COLUMN "T x" OPTIONS (column_name 'title');
ALTER FOREIGN TABLE pgtap_restored.made ALTER COLUMN att OPTIONS (kalam_type 'FILE');
ALTER FOREIGN TABLE pgtap_restored.made ALTER COLUMN v OPTIONS (kalam_type 'EMBEDDING(2)');
SELECT is(pg_temp.remote_columns('pgtap_restore', 'made'),
          E'first TEXT NOT NULL\ncode TEXT NOT NULL KEY\ntitle TEXT DEFAULT String("x")\natt FILE\nv EMBEDDING(2)\nat DATETIME DEFAULT NOW()\nn DECIMAL(10, 2) NOT NULL DEFAULT Number(1.0)',
          'the table is created as the whole dump says');
SELECT is(pg_temp.local_columns('pgtap_restored.made'),
          E'first text NOT NULL\nThe code text NOT NULL (column_name=code, key=true)\nT x text (column_name=title)\natt jsonb (kalam_type=FILE)\nv real[] (kalam_type=EMBEDDING(2))\nat timestamp with time zone\nn numeric(10,2) NOT NULL\n_seq bigint',
          'and so is the definition');

CREATE FOREIGN TABLE pgtap_restored.renamed ("The id" uuid NOT NULL, v text, _seq bigint, _userid text)
SERVER kalam_server OPTIONS (namespace 'pgtap_restore', "table" 'renamed', table_type 'user');
SELECT is(pg_temp.remote_tables('pgtap_restore'), 'items, made', 'a table whose key''s name is not known waits for it');
ALTER FOREIGN TABLE pgtap_restored.renamed ALTER COLUMN "The id" OPTIONS (column_name 'id', key 'true');
SELECT is(pg_temp.remote_columns('pgtap_restore', 'renamed'), E'id TEXT NOT NULL KEY\nv TEXT', 'and is created then');

SET LOCAL kalam.mirror_ddl = off;
SELECT lives_ok('CREATE FOREIGN TABLE pgtap_restored.gone (id bigint, _seq bigint) SERVER kalam_server OPTIONS (namespace ''pgtap_restore'', "table" ''gone'')',
                'unless the definition alone is wanted');

SELECT * FROM finish();
ROLLBACK;
