-- CREATE FOREIGN TABLE for a remote table that exists stands for it if the definition agrees: so a dump restores without touching it.
BEGIN;
SELECT plan(9);
\ir include/remote.psql

CREATE SCHEMA pgtap_adopts;
SELECT kalam_exec('DROP NAMESPACE IF EXISTS pgtap_adopts');
SELECT kalam_exec('CREATE NAMESPACE IF NOT EXISTS pgtap_adopts');
SELECT kalam_exec('CREATE USER TABLE pgtap_adopts.notes (code TEXT PRIMARY KEY, body TEXT, n INT NOT NULL)');

-- What pg_dump writes.
CREATE FOREIGN TABLE pgtap_adopts.notes (code text NOT NULL, body text DEFAULT 'x'::text, n integer NOT NULL, _seq bigint, _userid text)
SERVER kalam_server OPTIONS (namespace 'pgtap_adopts', "table" 'notes', table_type 'user');
SELECT is(pg_temp.local_columns('pgtap_adopts.notes'),
          E'code text NOT NULL (key=true)\nbody text\nn integer NOT NULL\n_seq bigint\n_userid text', 'the remote key is taken over');
SELECT lives_ok('ALTER FOREIGN TABLE ONLY pgtap_adopts.notes ALTER COLUMN code OPTIONS (key ''true'')', 'the dump''s column options repeat it without an error');
SELECT is(pg_temp.remote_columns('pgtap_adopts', 'notes'), E'code TEXT NOT NULL KEY\nbody TEXT\nn INT NOT NULL', 'nothing changed remotely');

SELECT throws_ok('CREATE FOREIGN TABLE pgtap_adopts.m1 (code text) SERVER kalam_server OPTIONS ("table" ''notes'')', '42P07', NULL, 'another kind of table');
SELECT throws_ok('CREATE FOREIGN TABLE pgtap_adopts.m2 (code text, extra int) SERVER kalam_server OPTIONS ("table" ''notes'', table_type ''user'')', '42P07', NULL, 'a column that is not there');
SELECT throws_ok('CREATE FOREIGN TABLE pgtap_adopts.m3 (code text, n bigint) SERVER kalam_server OPTIONS ("table" ''notes'', table_type ''user'')', '42P07', NULL, 'a column of another type');
SELECT throws_ok('CREATE FOREIGN TABLE pgtap_adopts.m4 (n int) SERVER kalam_server OPTIONS ("table" ''notes'', table_type ''user'')', '42P07', NULL, 'no key');
SELECT lives_ok('CREATE FOREIGN TABLE pgtap_adopts.part (code text, n int) SERVER kalam_server OPTIONS ("table" ''notes'', table_type ''user'')', 'a part of the columns will do');
SELECT is(pg_temp.remote_tables('pgtap_adopts'), 'notes', 'no table was created');

SELECT kalam_exec('DROP TABLE pgtap_adopts.notes');
SELECT * FROM finish();
ROLLBACK;
