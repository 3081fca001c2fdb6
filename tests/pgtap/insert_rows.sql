-- INSERT of one and many rows, from queries, prepared, from PL/pgSQL, and COPY FROM.
BEGIN;
SELECT plan(13);
CREATE SCHEMA insert_rows;
SET search_path = insert_rows, public;
CREATE TABLE t (id bigint PRIMARY KEY, n int NOT NULL, title text) USING kalamdb WITH (type = 'shared');

SELECT lives_ok($$INSERT INTO t VALUES (1, 1, 'one')$$, 'one row');
SELECT lives_ok($$INSERT INTO t VALUES (2, 2, 'two'), (3, 3, NULL)$$, 'several rows');
SELECT lives_ok('INSERT INTO t (n, id) SELECT g, g FROM generate_series(10, 2009) g', 'many rows from a query');
SELECT lives_ok($$INSERT INTO t SELECT id + 10000, n, title FROM t WHERE id < 4$$, 'from the table itself');
SELECT is((SELECT count(*) FROM t), 2006::bigint, 'all of them are there');
SELECT results_eq('SELECT id, title FROM t WHERE id > 9999 ORDER BY id', $$VALUES (10001::bigint, 'one'), (10002, 'two'), (10003, NULL)$$,
                  'with their values');

PREPARE add(bigint, text) AS INSERT INTO t VALUES ($1, 0, $2);
SELECT lives_ok($$EXECUTE add(4, 'four')$$, 'prepared');
CREATE FUNCTION add(first bigint, last bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    FOR i IN first .. last LOOP INSERT INTO t VALUES (i, i, 'loop'); END LOOP;
END $$;
SELECT lives_ok('SELECT add(5, 8)', 'from PL/pgSQL');
SELECT is((SELECT count(*) FROM t WHERE title = 'loop'), 4::bigint, 'each row');

SELECT throws_ok('INSERT INTO t VALUES (3000, NULL, NULL)', '23502', NULL, 'NULL in a NOT NULL column');
SELECT throws_ok('INSERT INTO t (id) VALUES (3001)', '23502', NULL, 'a NOT NULL column left out');
COPY t (id, n, title) FROM stdin;
20001	1	copied
20002	2	\N
20003	3	tab\there
\.
SELECT is((SELECT count(*) FROM t WHERE id > 20000), 3::bigint, 'COPY FROM');
SELECT is((SELECT title FROM t WHERE id = 20003), E'tab\there', 'with its escapes');
SELECT * FROM finish();
ROLLBACK;
