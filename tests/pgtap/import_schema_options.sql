-- IMPORT FOREIGN SCHEMA takes over the options that are not the server's defaults, and count(*) answers nobody who may not read.
BEGIN;
SELECT plan(8);
SELECT kalam_exec('DROP NAMESPACE IF EXISTS pgtap_import_options');
SELECT kalam_exec('CREATE NAMESPACE pgtap_import_options');
SELECT kalam_exec('CREATE SHARED TABLE pgtap_import_options.admins (id BIGINT PRIMARY KEY) WITH (ACCESS_LEVEL = ''DBA'', FLUSH_POLICY = ''rows:100'')');
SELECT kalam_exec('CREATE USER TABLE pgtap_import_options.notes (id BIGINT PRIMARY KEY) WITH (USE_USER_STORAGE = true, FLUSH_POLICY = ''rows:100,interval:60'')');
SELECT kalam_exec('CREATE STREAM TABLE pgtap_import_options.events (kind TEXT) WITH (TTL_SECONDS = 60)');
SELECT kalam_exec('CREATE SHARED TABLE pgtap_import_options.plain (id BIGINT PRIMARY KEY) WITH (FLUSH_POLICY = ''interval:30'')');
CREATE SCHEMA pgtap_import_options;
IMPORT FOREIGN SCHEMA pgtap_import_options FROM SERVER kalam_server INTO pgtap_import_options;
SELECT is((SELECT ftoptions[4:] FROM pg_foreign_table WHERE ftrelid = ('pgtap_import_options.' || name)::regclass), options, name)
FROM (VALUES ('admins', '{access_level=dba,flush_policy=rows:100}'::text[]), ('notes', '{use_user_storage=true,"flush_policy=rows:100,interval:60"}'),
             ('events', '{ttl_seconds=60}'), ('plain', '{flush_policy=interval:30}')) AS expected (name, options);
SELECT throws_like('SELECT * FROM pgtap_import_options.admins', '%Access denied%', 'reads are refused');
SELECT throws_like('SELECT count(*) FROM pgtap_import_options.admins', '%Access denied%', 'and so is counting');
-- The definition need not say it.
ALTER FOREIGN TABLE pgtap_import_options.plain OPTIONS (SET "table" 'admins');
SELECT throws_like('SELECT count(*) FROM pgtap_import_options.plain', '%Access denied%', 'whatever the definition says');
ALTER FOREIGN TABLE pgtap_import_options.admins OPTIONS (SET access_level 'public');
SELECT lives_ok('SELECT count(*) FROM pgtap_import_options.admins', 'opened, it is counted');
SELECT * FROM finish();
ROLLBACK;
