-- LIKE in the column list of a KalamDB table, from plain and from KalamDB tables.
BEGIN;
SELECT plan(6);
\ir include/remote.psql

CREATE SCHEMA pgtap_like;
CREATE TABLE pgtap_like.plain (id text PRIMARY KEY, n int NOT NULL DEFAULT 7 CHECK (n > 0), twice int GENERATED ALWAYS AS (n * 2) STORED, u int UNIQUE);
CREATE TABLE pgtap_like.bare (LIKE pgtap_like.plain, code bigint PRIMARY KEY) USING kalamdb;
SELECT is(pg_temp.remote_columns('pgtap_like', 'bare'), E'id TEXT NOT NULL\nn INT NOT NULL\ntwice INT\nu INT\ncode BIGINT NOT NULL KEY', 'names, types and NOT NULL without INCLUDING');
CREATE TABLE pgtap_like.whole (LIKE pgtap_like.plain INCLUDING ALL) USING kalamdb;
SELECT is(pg_temp.remote_columns('pgtap_like', 'whole'), E'id TEXT NOT NULL KEY\nn INT NOT NULL DEFAULT Number(7)\ntwice INT\nu INT', 'INCLUDING ALL: key and defaults');
INSERT INTO pgtap_like.whole (id) VALUES ('a');
SELECT results_eq('SELECT n, twice FROM pgtap_like.whole', 'VALUES (7, 14)', 'generated columns are computed here');
SELECT is(pg_get_constraintdef(oid), 'CHECK ((n > 0))', 'CHECK is taken over') FROM pg_constraint WHERE conrelid = 'pgtap_like.whole'::regclass AND contype = 'c';

CREATE TABLE pgtap_like.source (id bigserial PRIMARY KEY, att FILE, body text) USING kalamdb WITH (type = 'user');
CREATE TABLE pgtap_like.copy (LIKE pgtap_like.source INCLUDING ALL) USING kalamdb;
SELECT is(pg_temp.remote_columns('pgtap_like', 'copy'), E'id BIGINT NOT NULL KEY DEFAULT SNOWFLAKE_ID()\natt FILE\nbody TEXT', 'a KalamDB table with its own types');
SELECT is(pg_temp.local_columns('pgtap_like.copy') LIKE '%\_userid%', false, 'its system columns are not copied');

SELECT * FROM finish();
ROLLBACK;
