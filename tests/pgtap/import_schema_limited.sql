-- IMPORT FOREIGN SCHEMA with LIMIT TO and EXCEPT, and options that do not exist.
BEGIN;
SELECT plan(4);
\ir include/remote.psql

SELECT kalam_exec('DROP NAMESPACE IF EXISTS pgtap_limited');
SELECT kalam_exec('CREATE NAMESPACE IF NOT EXISTS pgtap_limited');
SELECT kalam_exec(format('CREATE SHARED TABLE pgtap_limited.%s (id INT PRIMARY KEY)', name)) FROM unnest('{a,b,c}'::text[]) AS name;
CREATE SCHEMA pgtap_limit_to;
CREATE SCHEMA pgtap_except;
IMPORT FOREIGN SCHEMA pgtap_limited LIMIT TO (a, c, nosuch) FROM SERVER kalam_server INTO pgtap_limit_to;
SELECT set_eq('SELECT relname::text FROM pg_class WHERE relnamespace = ''pgtap_limit_to''::regnamespace', '{a,c}'::text[], 'LIMIT TO');
IMPORT FOREIGN SCHEMA pgtap_limited EXCEPT (a) FROM SERVER kalam_server INTO pgtap_except;
SELECT set_eq('SELECT relname::text FROM pg_class WHERE relnamespace = ''pgtap_except''::regnamespace', '{b,c}'::text[], 'EXCEPT');
SELECT throws_ok('IMPORT FOREIGN SCHEMA pgtap_limited FROM SERVER kalam_server INTO pgtap_except', '42P07', NULL, 'a table that is there already');
SELECT throws_ok('IMPORT FOREIGN SCHEMA pgtap_limited FROM SERVER kalam_server INTO pgtap_limit_to OPTIONS (colour ''red'')', 'HV00D', NULL, 'an unknown option');

SELECT kalam_exec('DROP NAMESPACE pgtap_limited');
SELECT * FROM finish();
ROLLBACK;
