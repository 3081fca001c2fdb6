-- The extension as PostgreSQL's catalog tells it: for superusers, not relocatable, with its wrapper.
BEGIN;
SELECT plan(6);
SELECT is(extrelocatable, false, 'it cannot be moved') FROM pg_extension WHERE extname = 'pg_kalam';
SELECT is(bool_and(superuser AND NOT trusted), true, 'a superuser creates it')
FROM pg_available_extension_versions WHERE name = 'pg_kalam';
SELECT is(fdwhandler::regproc::text, 'kalam_handler', 'the handler') FROM pg_foreign_data_wrapper WHERE fdwname = 'pg_kalam';
SELECT is(fdwvalidator::regproc::text, 'kalam_validator', 'the validator') FROM pg_foreign_data_wrapper WHERE fdwname = 'pg_kalam';
SELECT throws_ok('ALTER EXTENSION pg_kalam SET SCHEMA pg_temp', '0A000', NULL, 'SET SCHEMA is refused');
SELECT is(provolatile, 'v'::"char", 'snowflake_id() is volatile') FROM pg_proc WHERE oid = 'snowflake_id()'::regprocedure;
SELECT * FROM finish();
ROLLBACK;
