-- DDL by an ordinary role: what PostgreSQL forbids is forbidden before the server hears of it.
BEGIN;
SELECT plan(9);
\ir include/remote.psql

CREATE SCHEMA pgtap_rights;
CREATE ROLE pgtap_maker;
CREATE ROLE pgtap_other;
GRANT USAGE ON SCHEMA pgtap_rights TO pgtap_maker, pgtap_other;
GRANT EXECUTE ON FUNCTION kalam_exec(text, text) TO pgtap_maker, pgtap_other;
SET LOCAL ROLE pgtap_maker;
SELECT throws_ok('CREATE TABLE pgtap_rights.t (id bigint PRIMARY KEY) USING kalamdb', '42501', NULL, 'no CREATE on the schema');
RESET ROLE;
SELECT is(pg_temp.remote_tables('pgtap_rights'), NULL, 'nothing was created');
GRANT CREATE ON SCHEMA pgtap_rights TO pgtap_maker;
SET LOCAL ROLE pgtap_maker;
SELECT lives_ok('CREATE TABLE pgtap_rights.t (id bigint PRIMARY KEY DEFAULT snowflake_id(), a text) USING kalamdb', 'with the right, it works');
SELECT lives_ok('ALTER TABLE pgtap_rights.t ADD COLUMN b int, ALTER a SET NOT NULL', 'the owner alters it');
RESET ROLE;
SET LOCAL ROLE pgtap_other;
SELECT throws_ok('ALTER TABLE pgtap_rights.t ADD COLUMN c int', '42501', NULL, 'another role does not');
SELECT throws_ok('ALTER TABLE pgtap_rights.t RENAME COLUMN a TO c', '42501', NULL, 'nor renames it');
SELECT throws_ok('DROP TABLE pgtap_rights.t', '42501', NULL, 'nor drops it');
RESET ROLE;
SELECT is(pg_temp.remote_columns('pgtap_rights', 't'), E'id BIGINT NOT NULL KEY DEFAULT SNOWFLAKE_ID()\na TEXT NOT NULL\nb INT', 'the remote table is the owner''s');
REVOKE USAGE ON FOREIGN SERVER kalam_server FROM PUBLIC;
SET LOCAL ROLE pgtap_maker;
SELECT throws_ok('CREATE TABLE pgtap_rights.u (id bigint PRIMARY KEY) USING kalamdb', '42501', NULL, 'no USAGE on the server');
RESET ROLE;

SELECT * FROM finish();
ROLLBACK;
