-- ALTER COLUMN SET and DROP DEFAULT.
BEGIN;
SELECT plan(5);
\ir include/remote.psql

CREATE SCHEMA pgtap_default;
CREATE TABLE pgtap_default.t (id bigint PRIMARY KEY, a text, b int DEFAULT 1, c timestamp) USING kalamdb;
ALTER TABLE pgtap_default.t ALTER COLUMN a SET DEFAULT 'x', ALTER b DROP DEFAULT, ALTER c SET DEFAULT now();
SELECT is(pg_temp.remote_columns('pgtap_default', 't'), E'id BIGINT NOT NULL KEY\na TEXT DEFAULT String("x")\nb INT\nc TIMESTAMP DEFAULT NOW()', 'the server has them');
INSERT INTO pgtap_default.t (id) VALUES (1);
SELECT is(row(a, b, c IS NOT NULL)::text, row('x', NULL::int, true)::text, 'rows have them') FROM pgtap_default.t;
ALTER TABLE pgtap_default.t ALTER COLUMN a SET DEFAULT lower('LOCAL') || current_user;
SELECT is(pg_temp.remote_columns('pgtap_default', 't'), E'id BIGINT NOT NULL KEY\na TEXT\nb INT\nc TIMESTAMP DEFAULT NOW()', 'a local default replaces the remote one');
SAVEPOINT s;
ALTER TABLE pgtap_default.t ALTER COLUMN a SET DEFAULT 'y';
ROLLBACK TO s;
SELECT is(pg_temp.remote_columns('pgtap_default', 't'), E'id BIGINT NOT NULL KEY\na TEXT\nb INT\nc TIMESTAMP DEFAULT NOW()', 'undone with its subtransaction');
ALTER TABLE pgtap_default.t ALTER COLUMN id SET DEFAULT SNOWFLAKE_ID();
SELECT ok(pg_temp.remote_columns('pgtap_default', 't') LIKE 'id BIGINT NOT NULL KEY DEFAULT SNOWFLAKE_ID()%', 'the key can have one');

SELECT * FROM finish();
ROLLBACK;
