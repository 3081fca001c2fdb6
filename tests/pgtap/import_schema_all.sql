-- IMPORT FOREIGN SCHEMA: all tables of a namespace, with keys, NOT NULL, types and kinds; nothing is created remotely.
BEGIN;
SELECT plan(9);
\ir include/remote.psql

SELECT kalam_exec('DROP NAMESPACE IF EXISTS pgtap_import');
SELECT kalam_exec('CREATE NAMESPACE IF NOT EXISTS pgtap_import');
SELECT kalam_exec('CREATE SHARED TABLE pgtap_import.items (id TEXT PRIMARY KEY, n INT NOT NULL, price DECIMAL(8,2), at DATETIME, att FILE, doc JSON, v EMBEDDING(3), raw BYTES, u UUID, t TIME)');
SELECT kalam_exec('CREATE USER TABLE pgtap_import.notes (id BIGINT PRIMARY KEY, body TEXT)');
SELECT kalam_exec('CREATE STREAM TABLE pgtap_import.events (kind TEXT) WITH (TTL_SECONDS = 60)');
SELECT kalam_exec('INSERT INTO pgtap_import.items (id, n) VALUES (''a'', 1)');
CREATE TEMP TABLE before AS SELECT pg_temp.remote_tables('pgtap_import') AS tables;

CREATE SCHEMA pgtap_imported;
IMPORT FOREIGN SCHEMA pgtap_import FROM SERVER kalam_server INTO pgtap_imported;
SELECT is(pg_temp.local_columns('pgtap_imported.items'),
          E'id text NOT NULL (key=true)\nn integer NOT NULL\nprice numeric(8,2)\nat timestamp with time zone\natt jsonb (kalam_type=FILE)\ndoc json\n'
          'v real[] (kalam_type=EMBEDDING(3))\nraw bytea\nu uuid\nt time without time zone\n_seq bigint', 'columns of every type');
SELECT is(pg_temp.local_columns('pgtap_imported.notes'), E'id bigint NOT NULL (key=true)\nbody text\n_seq bigint\n_userid text', 'user tables have _userid');
SELECT is(pg_temp.local_columns('pgtap_imported.events'), E'kind text\n_seq bigint', 'streams have no key');
SELECT is((SELECT ftoptions FROM pg_foreign_table WHERE ftrelid = 'pgtap_imported.notes'::regclass), '{table_type=user,namespace=pgtap_import,table=notes}'::text[], 'the options say which remote table it is');
SELECT results_eq('SELECT id, n FROM pgtap_imported.items', $$VALUES ('a', 1)$$, 'rows can be read');
INSERT INTO pgtap_imported.items (id, n) VALUES ('b', 2);
UPDATE pgtap_imported.items SET n = 3 WHERE id = 'b';
SELECT results_eq('SELECT id, n FROM pgtap_imported.items ORDER BY id', $$VALUES ('a', 1), ('b', 3)$$, 'and written by key');
SELECT is(pg_temp.remote_tables('pgtap_import'), tables, 'no table was created') FROM before;
SELECT is(pg_temp.remote_tables('pgtap_imported'), NULL, 'nor a namespace for the schema');
SELECT throws_ok('IMPORT FOREIGN SCHEMA pgtap_nowhere FROM SERVER kalam_server INTO pgtap_imported', 'HV00Q', 'KalamDB namespace "pgtap_nowhere" does not exist', 'a namespace that is not there');

SELECT kalam_exec('DROP NAMESPACE pgtap_import');
SELECT * FROM finish();
ROLLBACK;
