-- CREATE TABLE ... USING kalamdb AS SELECT: columns of the query, rows inserted.
BEGIN;
SELECT plan(8);
\ir include/remote.psql

CREATE SCHEMA pgtap_as;
CREATE TABLE pgtap_as.t USING kalamdb WITH (type = 'shared') AS
    WITH n AS (SELECT g FROM generate_series(1, 3) AS g) SELECT g::bigint AS id, 'row ' || g AS label, g * 1.5::float8 AS x FROM n;
SELECT is(pg_temp.remote_columns('pgtap_as', 't'), E'id BIGINT NOT NULL KEY\nlabel TEXT\nx DOUBLE', 'the columns are the query''s');
SELECT results_eq('SELECT id, label, x FROM pgtap_as.t ORDER BY id', $$VALUES (1::bigint, 'row 1', 1.5::float8), (2, 'row 2', 3), (3, 'row 3', 4.5)$$, 'its rows are there');

CREATE TABLE pgtap_as.named (id, words) USING kalamdb AS SELECT 1, 'literal' WITH NO DATA;
SELECT is(pg_temp.remote_columns('pgtap_as', 'named'), E'id INT NOT NULL KEY\nwords TEXT', 'columns can be named');
SELECT is_empty('SELECT 1 FROM pgtap_as.named', 'WITH NO DATA inserts none');
SELECT throws_ok('CREATE TABLE pgtap_as.nokey USING kalamdb AS SELECT 1 AS a', '42P16', NULL, 'a key is needed');
SELECT lives_ok('CREATE TABLE IF NOT EXISTS pgtap_as.t USING kalamdb AS SELECT 9 AS id', 'IF NOT EXISTS leaves a table alone');
SELECT is(count(*), 3::bigint, 'and its rows') FROM pgtap_as.t;
DO $$ DECLARE v text := 'from PL/pgSQL'; BEGIN CREATE TABLE pgtap_as.vars USING kalamdb AS SELECT 1 AS id, v AS w; END $$;
SELECT is(w, 'from PL/pgSQL', 'variables of PL/pgSQL are seen') FROM pgtap_as.vars;

SELECT * FROM finish();
ROLLBACK;
