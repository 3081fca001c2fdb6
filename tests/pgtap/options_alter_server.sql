-- ALTER SERVER acts on the next statement.
BEGIN;
SELECT plan(5);
\ir include/server.psql
CREATE SERVER s FOREIGN DATA WRAPPER pg_kalam OPTIONS (host :'host', port :'port', auth_header :'auth_header');
SELECT ok(kalam_ping('s') > 0, 'as it was made');
ALTER SERVER s OPTIONS (SET port '1');
SELECT throws_ok($$SELECT kalam_ping('s')$$, '08001', 'could not connect to KalamDB server "127.0.0.1:1"', 'another port');
ALTER SERVER s OPTIONS (SET port :'port', DROP auth_header);
SELECT throws_ok($$SELECT kalam_ping('s')$$, '28000', NULL, 'no credentials');
ALTER SERVER s OPTIONS (ADD auth_header :'auth_header');
SELECT ok(kalam_ping('s') > 0, 'and back');
DROP SERVER s;
SELECT throws_ok($$SELECT kalam_ping('s')$$, '42704', NULL, 'dropped');
SELECT * FROM finish();
ROLLBACK;
