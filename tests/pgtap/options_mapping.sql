-- User mappings: their credentials win, the public one serves everybody else, they pin identities.
BEGIN;
SELECT plan(9);
\ir include/as_role.psql
\ir include/server.psql
CREATE SERVER s FOREIGN DATA WRAPPER pg_kalam OPTIONS (host :'host', port :'port', auth_header 'Bearer wrong');
SELECT throws_ok($$SELECT kalam_ping('s')$$, '28000', NULL, 'the server''s own credentials are wrong');
CREATE USER MAPPING FOR CURRENT_USER SERVER s OPTIONS (auth_header :'auth_header');
SELECT ok(kalam_ping('s') > 0, 'the mapping''s win');

CREATE ROLE mapping_other;
GRANT USAGE ON FOREIGN SERVER s TO mapping_other;
SELECT throws_ok($$SELECT pg_temp.ask_as('mapping_other', 'SELECT kalam_ping(''s'') > 0')$$, '28000', NULL,
    'but not for another role');
CREATE USER MAPPING FOR PUBLIC SERVER s OPTIONS (auth_header :'auth_header');
SELECT is(pg_temp.ask_as('mapping_other', 'SELECT kalam_ping(''s'') > 0'), 'true', 'a public mapping serves it');
CREATE USER MAPPING FOR mapping_other SERVER s OPTIONS (auth_mode 'none');
SELECT throws_ok($$SELECT pg_temp.ask_as('mapping_other', 'SELECT kalam_ping(''s'') > 0')$$, '28000', NULL,
    'a mapping of its own goes before it');

SELECT throws_ok($$CREATE USER MAPPING FOR mapping_other SERVER kalam_server OPTIONS (host 'x')$$, 'HV00D',
    'invalid option "host"', 'no address in a mapping');
SELECT throws_ok($$ALTER SERVER s OPTIONS (user_id 'x')$$, 'HV00D', 'invalid option "user_id"', 'no identity in a server');
CREATE USER MAPPING FOR mapping_other SERVER kalam_server OPTIONS (user_id 'pinned');
SET LOCAL kalam.user_id = 'alice';
SELECT is(pg_temp.ask_as('mapping_other', 'SELECT kalam_user_id()'), 'pinned', 'a pinned identity');
SELECT is(kalam_user_id(), 'alice', 'of that role only');
SELECT * FROM finish();
ROLLBACK;
