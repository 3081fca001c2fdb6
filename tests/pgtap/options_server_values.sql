-- Values of server options that are wrong by themselves.
BEGIN;
SELECT plan(13);
SELECT throws_ok(format($$CREATE SERVER s FOREIGN DATA WRAPPER pg_kalam OPTIONS (%s %L)$$, option, value), 'HV024',
    format('invalid value for option "%s"', option), format('%s %L', option, value))
FROM (VALUES ('port', '0'), ('port', '65536'), ('port', '-1'), ('port', ''), ('port', '91a'), ('port', ' 9188'),
             ('timeout', '-1'), ('timeout', '5s'), ('timeout', '99999999999'), ('host', ''), ('host', 'a b'),
             ('auth_mode', 'bearer')) AS wrong (option, value);
SELECT lives_ok($$CREATE SERVER s FOREIGN DATA WRAPPER pg_kalam OPTIONS (host '::1', port '65535', timeout '0')$$,
    'the ends of the ranges');
SELECT * FROM finish();
ROLLBACK;
