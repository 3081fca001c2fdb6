-- What the extension says of itself.
BEGIN;
SELECT plan(3);
SELECT is(kalam_version(), (SELECT extversion FROM pg_extension WHERE extname = 'pg_kalam'),
    'the library is as old as the extension');
SELECT is(kalam_compiled_mode(), 'remote', 'the only mode');
SELECT is(kalam_user_id_guc_name(), 'kalam.user_id', 'the name of the identity''s setting');
SELECT * FROM finish();
ROLLBACK;
