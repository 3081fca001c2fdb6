-- What KalamDB cannot alter is refused, and nothing has changed on either side.
BEGIN;
SELECT plan(13);
\ir include/remote.psql

CREATE SCHEMA pgtap_alter_refused;
CREATE TABLE pgtap_alter_refused.t (id bigint PRIMARY KEY, a int) USING kalamdb WITH (flush_policy = 'rows:10');
SELECT throws_ok('ALTER TABLE pgtap_alter_refused.t DROP COLUMN id', '0A000', NULL, 'dropping the key');
SELECT throws_ok('ALTER TABLE pgtap_alter_refused.t ADD COLUMN x int, DROP COLUMN id', '0A000', NULL, 'also beside others');
SELECT throws_ok('ALTER TABLE pgtap_alter_refused.t ADD UNIQUE (a)', NULL, NULL, 'UNIQUE');
SELECT throws_ok('ALTER TABLE pgtap_alter_refused.t ADD PRIMARY KEY (a)', NULL, NULL, 'PRIMARY KEY');
SELECT throws_ok('ALTER TABLE pgtap_alter_refused.t ALTER COLUMN a ADD GENERATED ALWAYS AS IDENTITY', '0A000', NULL, 'IDENTITY');
SELECT throws_ok('ALTER FOREIGN TABLE pgtap_alter_refused.t OPTIONS (SET flush_policy ''rows:20'')', '0A000', NULL, 'options that the server fixes at creation');
SELECT throws_ok('ALTER FOREIGN TABLE pgtap_alter_refused.t OPTIONS (SET table_type ''user'')', '0A000', NULL, 'the type of the table');
SELECT throws_ok('ALTER FOREIGN TABLE pgtap_alter_refused.t OPTIONS (ADD ttl_seconds ''5'')', '0A000', NULL, 'new options');
SELECT throws_ok('ALTER TABLE pgtap_alter_refused.t ADD COLUMN u int UNIQUE', '0A000', NULL, 'UNIQUE on a new column');
SELECT lives_ok('ALTER FOREIGN TABLE pgtap_alter_refused.t OPTIONS (ADD access_level ''PUBLIC'')', 'access_level can be changed');
SELECT is(lower(pg_temp.remote_options('pgtap_alter_refused', 't') ->> 'access_level'), 'public', 'on the server');
SELECT lives_ok('ALTER TABLE pgtap_alter_refused.t ADD CONSTRAINT positive CHECK (a > 0)', 'CHECK is a local constraint');
SELECT is(pg_temp.remote_columns('pgtap_alter_refused', 't'), E'id BIGINT NOT NULL KEY\na INT', 'the columns are as they were');

SELECT * FROM finish();
ROLLBACK;
