-- kalam_ping: a live server, a dead one, refused credentials.
BEGIN;
SELECT plan(5);
\ir include/server.psql
SELECT ok(kalam_ping() > 0, 'milliseconds');
CREATE SERVER ping_dead FOREIGN DATA WRAPPER pg_kalam OPTIONS (host '127.0.0.1', port '1');
SELECT throws_ok($$SELECT kalam_ping('ping_dead')$$, '08001', 'could not connect to KalamDB server "127.0.0.1:1"',
    'a closed port');
CREATE SERVER ping_wrong FOREIGN DATA WRAPPER pg_kalam
    OPTIONS (host :'host', port :'port', auth_header 'Bearer planted-secret');
SELECT throws_ok($$SELECT kalam_ping('ping_wrong')$$, '28000', NULL, 'a wrong token');
SELECT throws_imatching($$SELECT kalam_ping('ping_wrong')$$, 'authentication failed|invalid', 'in the server''s words');
SELECT ok(kalam_ping('kalam_server') > 0, 'the right one still works');
SELECT * FROM finish();
ROLLBACK;
