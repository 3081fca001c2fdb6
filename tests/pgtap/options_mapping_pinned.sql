-- A pinned identity holds against the role that it pins: only the server's owner decides about user_id.
BEGIN;
SELECT plan(13);
\ir include/as_role.psql
CREATE ROLE pinned_role;
CREATE ROLE pinned_owner;
GRANT USAGE ON FOREIGN SERVER kalam_server TO pinned_role;
GRANT SET ON PARAMETER kalam.user_id TO pinned_role;
SELECT throws_ok($$SELECT pg_temp.run_as('pinned_role', 'CREATE USER MAPPING FOR pinned_role SERVER kalam_server OPTIONS (user_id ''bob'')')$$,
    '42501', 'permission denied to pin or unpin a user identity', 'a role does not choose its own');
SELECT lives_ok($$SELECT pg_temp.run_as('pinned_role', 'CREATE USER MAPPING FOR pinned_role SERVER kalam_server')$$, 'but has a mapping of its own');
SELECT throws_ok($$SELECT pg_temp.run_as('pinned_role', 'ALTER USER MAPPING FOR pinned_role SERVER kalam_server OPTIONS (user_id ''bob'')')$$,
    '42501', NULL, 'nor adds it later');
SELECT lives_ok($$SELECT pg_temp.run_as('pinned_role', 'ALTER USER MAPPING FOR pinned_role SERVER kalam_server OPTIONS (auth_mode ''none'')')$$,
    'other options are its own');
ALTER USER MAPPING FOR pinned_role SERVER kalam_server OPTIONS (user_id 'alice');
SELECT throws_ok($$SELECT pg_temp.run_as('pinned_role', 'ALTER USER MAPPING FOR pinned_role SERVER kalam_server OPTIONS (SET user_id ''bob'')')$$,
    '42501', NULL, 'nor changes it');
SELECT throws_ok($$SELECT pg_temp.run_as('pinned_role', 'ALTER USER MAPPING FOR pinned_role SERVER kalam_server OPTIONS (DROP user_id)')$$,
    '42501', NULL, 'nor removes it');
SELECT throws_ok($$SELECT pg_temp.run_as('pinned_role', 'DROP USER MAPPING FOR pinned_role SERVER kalam_server')$$, '42501', NULL,
    'nor the mapping');
SELECT throws_ok($$SELECT pg_temp.run_as('pinned_role', 'DROP OWNED BY pinned_role')$$, '42501', NULL, 'by a cascade neither');
SELECT pg_temp.run_as('pinned_role', 'SET LOCAL kalam.user_id = ''bob''');
SELECT is(pg_temp.ask_as('pinned_role', 'SELECT kalam_user_id()'), 'alice', 'SET is allowed to it, and does not change it');
SELECT lives_ok('DROP USER MAPPING FOR pinned_role SERVER kalam_server', 'a superuser removes it');

CREATE USER MAPPING FOR PUBLIC SERVER kalam_server OPTIONS (user_id 'everybody');
SELECT throws_ok($$SELECT pg_temp.run_as('pinned_role', 'CREATE USER MAPPING FOR pinned_role SERVER kalam_server')$$, '42501', NULL,
    'a public pin is not hidden by a mapping of one''s own');
CREATE SERVER pinned_server FOREIGN DATA WRAPPER pg_kalam OPTIONS (host '127.0.0.1', port '1');
GRANT USAGE ON FOREIGN DATA WRAPPER pg_kalam TO pinned_owner;
ALTER SERVER pinned_server OWNER TO pinned_owner;
SELECT lives_ok($$SELECT pg_temp.run_as('pinned_owner', 'CREATE USER MAPPING FOR pinned_role SERVER pinned_server OPTIONS (user_id ''alice'')')$$,
    'the server''s owner pins');
SELECT lives_ok($$SELECT pg_temp.run_as('pinned_owner', 'DROP USER MAPPING FOR pinned_role SERVER pinned_server')$$, 'and unpins');
SELECT * FROM finish();
ROLLBACK;
