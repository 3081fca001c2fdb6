-- Options of foreign tables. Locally only: kalam.mirror_ddl is off.
BEGIN;
SELECT plan(9);
SET LOCAL kalam.mirror_ddl = off;
CREATE FUNCTION pg_temp.make(options text) RETURNS text LANGUAGE sql AS $$
    SELECT format('CREATE FOREIGN TABLE pg_temp.option_table (id bigint) SERVER kalam_server OPTIONS (%s)', options)
$$;
SELECT throws_ok(pg_temp.make($$table_type 'usr'$$), '22023',
    'invalid value for option "table_type": "usr" is no type of KalamDB table', 'no such type');
SELECT throws_ok(pg_temp.make($$type ''$$), '22023', NULL, 'an empty type');
SELECT throws_ok(pg_temp.make($$table_type 'shared', "bad name" 'x'$$), 'HV00D',
    'invalid KalamDB table option name "bad name"', 'a name with a blank');
SELECT throws_ok(pg_temp.make($$table_type 'shared', "x,y" 'x'$$), 'HV00D', 'invalid KalamDB table option name "x,y"',
    'a name that would end up in the server''s SQL');
SELECT throws_ok(pg_temp.make($$table_type 'shared', namespace 'a/b'$$), '42602',
    'KalamDB cannot take the namespace name "a/b"', 'a namespace that would end the server');
SELECT throws_ok(pg_temp.make($$table_type 'shared', "table" '..'$$), '42602', 'KalamDB cannot take the table name ".."',
    'a table that would end the server');
SELECT lives_ok(pg_temp.make($$table_type 'SHARED', namespace 'app', "table" 'items', flush_policy 'rows:10'$$),
    'its own names, any case of a type, and options of KalamDB');
SELECT throws_ok('ALTER FOREIGN TABLE option_table OPTIONS (SET table_type ''nope'')', '22023', NULL, 'in ALTER too');
SELECT is((SELECT count(*) FROM pg_foreign_table WHERE ftrelid = 'option_table'::regclass AND
    ftoptions @> '{flush_policy=rows:10}'), 1::bigint, 'kept as given');
SELECT * FROM finish();
ROLLBACK;
