-- Names of server options: those there are, and what a typo gets.
BEGIN;
SELECT plan(6);
CREATE FUNCTION pg_temp.hint_of(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    hint text;
BEGIN
    EXECUTE statement;
    RETURN NULL;
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT;
    RETURN hint;
END
$$;
SELECT lives_ok($$CREATE SERVER s FOREIGN DATA WRAPPER pg_kalam OPTIONS (host 'db.example', port '9188', timeout '5000',
    auth_mode 'static_header', auth_header 'Bearer x', login_user 'u', login_password 'p', ca_cert '', client_cert '',
    client_key '')$$, 'all of them');
SELECT throws_ok($$CREATE SERVER t FOREIGN DATA WRAPPER pg_kalam OPTIONS (hots 'x')$$, 'HV00D', 'invalid option "hots"',
    'a typo');
SELECT is(pg_temp.hint_of($$CREATE SERVER t FOREIGN DATA WRAPPER pg_kalam OPTIONS (hots 'x')$$),
    'Perhaps you meant the option "host".', 'the closest name');
SELECT is(pg_temp.hint_of($$CREATE SERVER t FOREIGN DATA WRAPPER pg_kalam OPTIONS (auth_haeder 'x')$$),
    'Perhaps you meant the option "auth_header".', 'another');
SELECT is(pg_temp.hint_of($$CREATE SERVER t FOREIGN DATA WRAPPER pg_kalam OPTIONS (zzzzzzzz 'x')$$),
    'Valid options here are: host, port, timeout, auth_mode, auth_header, login_user, login_password, ca_cert, client_cert,'
    ' client_key.', 'all names where none is near');
SELECT throws_ok($$ALTER FOREIGN DATA WRAPPER pg_kalam OPTIONS (host 'x')$$, 'HV00D', 'invalid option "host"',
    'the wrapper has none');
SELECT * FROM finish();
ROLLBACK;
