-- What depends on several options, or on the network, is judged when the server is used.
BEGIN;
SELECT plan(9);
CREATE SERVER no_host FOREIGN DATA WRAPPER pg_kalam OPTIONS (port '1');
SELECT throws_ok($$SELECT kalam_ping('no_host')$$, 'HV00J', 'foreign server "no_host": option "host" is missing', 'no host');
CREATE SERVER no_port FOREIGN DATA WRAPPER pg_kalam OPTIONS (host '127.0.0.1');
SELECT throws_ok($$SELECT kalam_ping('no_port')$$, 'HV00J', 'foreign server "no_port": option "port" is missing', 'no port');
CREATE SERVER closed FOREIGN DATA WRAPPER pg_kalam OPTIONS (host '127.0.0.1', port '1');
SELECT throws_ok($$SELECT kalam_exec('SELECT 1', 'closed')$$, '08001', 'could not connect to KalamDB server "127.0.0.1:1"',
    'a closed port');
CREATE SERVER line_break FOREIGN DATA WRAPPER pg_kalam OPTIONS (host '127.0.0.1', port '1', auth_header E'Bearer a\nb');
SELECT throws_ok($$SELECT kalam_ping('line_break')$$, '28000', 'invalid auth_header: not a valid metadata value',
    'a header with a line break');
CREATE SERVER umlaut FOREIGN DATA WRAPPER pg_kalam OPTIONS (host '127.0.0.1', port '1', auth_header 'Bearer ä');
SELECT throws_ok($$SELECT kalam_ping('umlaut')$$, '28000', 'invalid auth_header: not a valid metadata value',
    'a header that is not ASCII');
CREATE SERVER no_header FOREIGN DATA WRAPPER pg_kalam OPTIONS (host '127.0.0.1', port '1', auth_mode 'static_header');
SELECT throws_ok($$SELECT kalam_ping('no_header')$$, 'HV024',
    'foreign server "no_header": auth_mode static_header needs auth_header', 'a mode without its header');
CREATE SERVER no_login FOREIGN DATA WRAPPER pg_kalam OPTIONS (host '127.0.0.1', port '1', login_user 'root');
SELECT throws_ok($$SELECT kalam_ping('no_login')$$, 'HV024',
    'foreign server "no_login": auth_mode account_login needs login_user and login_password', 'half a login');
CREATE SERVER colon FOREIGN DATA WRAPPER pg_kalam
    OPTIONS (host '127.0.0.1', port '1', login_user 'a:b', login_password 'p');
SELECT throws_ok($$SELECT kalam_ping('colon')$$, 'HV024', 'foreign server "colon": login_user must not contain a colon',
    'a name that Basic cannot carry');
CREATE SERVER half_pair FOREIGN DATA WRAPPER pg_kalam
    OPTIONS (host '127.0.0.1', port '1', client_cert '-----BEGIN CERTIFICATE-----');
SELECT throws_ok($$SELECT kalam_ping('half_pair')$$, 'HV024',
    'foreign server "half_pair": client_cert and client_key must be given together', 'a certificate without its key');
SELECT * FROM finish();
ROLLBACK;
