-- CREATE TABLE IF NOT EXISTS ... USING kalamdb: an existing local table is left alone, an existing remote one is adopted.
BEGIN;
SELECT plan(7);
\ir include/remote.psql

SELECT kalam_exec('DROP NAMESPACE IF EXISTS pgtap_if_not_exists');
CREATE SCHEMA pgtap_if_not_exists;
CREATE TABLE pgtap_if_not_exists.t (id bigint PRIMARY KEY, a text) USING kalamdb;
SELECT lives_ok('CREATE TABLE IF NOT EXISTS pgtap_if_not_exists.t (other int PRIMARY KEY) USING kalamdb', 'a second time is a notice');
SELECT is(pg_temp.remote_columns('pgtap_if_not_exists', 't'), E'id BIGINT NOT NULL KEY\na TEXT', 'which changes nothing remotely');
SELECT throws_ok('CREATE TABLE pgtap_if_not_exists.t (id bigint PRIMARY KEY) USING kalamdb', '42P07', NULL, 'without IF NOT EXISTS it is an error');

SELECT is(json_typeof(kalam_exec('CREATE SHARED TABLE pgtap_if_not_exists.there (id BIGINT PRIMARY KEY, a TEXT)')::json), 'string',
          'a table is made directly');
SELECT throws_ok('CREATE TABLE pgtap_if_not_exists.there (id bigint PRIMARY KEY, a text) USING kalamdb', '42P07',
                 'KalamDB table "pgtap_if_not_exists.there" already exists', 'CREATE TABLE refuses a remote table that is there');
SELECT lives_ok('CREATE TABLE IF NOT EXISTS pgtap_if_not_exists.there (id bigint PRIMARY KEY, a text) USING kalamdb', 'IF NOT EXISTS adopts it');
SELECT throws_ok('CREATE TABLE IF NOT EXISTS pgtap_if_not_exists.t2 (id bigint PRIMARY KEY, a text) USING kalamdb WITH (namespace = ''pgtap_if_not_exists'', "table" = ''there'', type = ''user'')',
                 '42P07', NULL, 'but not as something that it is not');

SELECT kalam_exec('DROP TABLE pgtap_if_not_exists.there');
SELECT * FROM finish();
ROLLBACK;
