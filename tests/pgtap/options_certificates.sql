-- Certificates: PEM text for everybody, files for superusers only.
BEGIN;
SELECT plan(6);
\ir include/as_role.psql
CREATE ROLE certificates_owner;
GRANT USAGE ON FOREIGN DATA WRAPPER pg_kalam TO certificates_owner;
SELECT throws_ok($$SELECT pg_temp.run_as('certificates_owner', 'CREATE SERVER c FOREIGN DATA WRAPPER pg_kalam
    OPTIONS (host ''127.0.0.1'', port ''1'', ca_cert ''/etc/hostname'')')$$, '42501',
    'permission denied to name a file in option "ca_cert"', 'a file');
SELECT lives_ok($$SELECT pg_temp.run_as('certificates_owner', 'CREATE SERVER c FOREIGN DATA WRAPPER pg_kalam
    OPTIONS (host ''127.0.0.1'', port ''1'', ca_cert ''-----BEGIN CERTIFICATE-----'')')$$, 'the text itself');
SELECT throws_ok($$SELECT pg_temp.run_as('certificates_owner',
    'CREATE USER MAPPING FOR CURRENT_USER SERVER c OPTIONS (client_key ''/etc/hostname'')')$$, '42501',
    'permission denied to name a file in option "client_key"', 'a file in a mapping');
SELECT lives_ok($$CREATE SERVER d FOREIGN DATA WRAPPER pg_kalam
    OPTIONS (host '127.0.0.1', port '1', ca_cert '/nonexistent.pem')$$, 'superusers may');
SELECT throws_ok($$SELECT kalam_ping('d')$$, '58P01', NULL, 'a file that is not there');
SELECT throws_like($$SELECT kalam_ping('d')$$, '%could not open file "/nonexistent.pem" of option "ca_cert"%', 'says which');
SELECT * FROM finish();
ROLLBACK;
