-- kalam.user_id: who may set it, and for how long it counts.
BEGIN;
SELECT plan(8);
\ir include/as_role.psql
CREATE ROLE user_id_setter;
SELECT throws_ok($$SELECT pg_temp.run_as('user_id_setter', 'SET LOCAL kalam.user_id = ''alice''')$$, '42501',
    'permission denied to set parameter "kalam.user_id"', 'not everybody');
GRANT SET ON PARAMETER kalam.user_id TO user_id_setter;
SELECT lives_ok($$SELECT pg_temp.run_as('user_id_setter', 'SET LOCAL kalam.user_id = ''alice''')$$, 'who is granted it');
SELECT is(kalam_user_id(), 'alice', 'it counts at once');
SAVEPOINT s;
SET LOCAL kalam.user_id = 'bob';
SELECT is(kalam_user_id(), 'bob', 'the last one counts');
ROLLBACK TO s;
SELECT is(kalam_user_id(), 'alice', 'rolled back');
RESET kalam.user_id;
SELECT is(kalam_user_id(), NULL, 'reset');
CREATE SCHEMA guc_user_id;
CREATE TABLE guc_user_id.t (id bigint PRIMARY KEY) USING kalamdb WITH (type = 'user');
SET LOCAL kalam.user_id = ' alice ';
SELECT throws_ok('SELECT * FROM guc_user_id.t', '22023', NULL, 'blanks around it would be cut off by KalamDB, and so are refused');
SET LOCAL kalam.user_id = 'alice';
SELECT is_empty($$SELECT * FROM guc_user_id.t WHERE _userid = ' bob '$$, 'nobody is called so');
SELECT * FROM finish();
ROLLBACK;
