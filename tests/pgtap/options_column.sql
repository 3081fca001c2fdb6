-- Options of columns. Locally only: kalam.mirror_ddl is off.
BEGIN;
SELECT plan(5);
SET LOCAL kalam.mirror_ddl = off;
CREATE FUNCTION pg_temp.make(options text) RETURNS text LANGUAGE sql AS $$
    SELECT format('CREATE FOREIGN TABLE pg_temp.option_column (id bigint OPTIONS (%s)) SERVER kalam_server', options)
$$;
SELECT throws_ok(pg_temp.make($$key 'perhaps'$$), 'HV024', 'invalid value for option "key"', 'a key is true or false');
SELECT throws_ok(pg_temp.make($$column_name 'select'$$), '42602', 'KalamDB cannot take the column name "select"',
    'a reserved word');
SELECT throws_ok(pg_temp.make($$colum_name 'x'$$), 'HV00D', 'invalid option "colum_name"', 'a typo');
SELECT throws_ok(pg_temp.make($$host 'x'$$), 'HV00D', 'invalid option "host"', 'an option of servers');
SELECT lives_ok(pg_temp.make($$key 'true', column_name 'id', kalam_type 'BIGINT'$$), 'all of them');
SELECT * FROM finish();
ROLLBACK;
