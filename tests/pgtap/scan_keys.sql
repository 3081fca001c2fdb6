-- Keys are looked up: one, several, as parameters of prepared statements and of nested loops.
BEGIN;
SELECT plan(15);
CREATE SCHEMA scan_keys;
SET search_path = scan_keys, public;
CREATE TABLE t (id bigint PRIMARY KEY, n int) USING kalamdb WITH (type = 'shared');
CREATE TABLE named (id text PRIMARY KEY, n int) USING kalamdb WITH (type = 'shared');
CREATE TABLE wanted (k bigint, w text);
INSERT INTO t SELECT g, g * 10 FROM generate_series(1, 50) g;
INSERT INTO named VALUES ('a', 1), ('B', 2), ('ü''"\', 3);
INSERT INTO wanted VALUES (3, 'three'), (7, 'seven'), (3, 'again'), (999, 'none'), (NULL, 'null');

SELECT results_eq('SELECT n FROM t WHERE id = 7', 'VALUES (70)', 'a key');
SELECT is_empty('SELECT n FROM t WHERE id = 51', 'a key that is not there');
SELECT is_empty('SELECT n FROM t WHERE id = NULL', 'NULL');
SELECT results_eq('SELECT id FROM t WHERE id IN (5, 3, 99, 5) ORDER BY id', 'VALUES (3::bigint), (5)', 'IN, each row once');
SELECT results_eq('SELECT id FROM t WHERE id = ANY (ARRAY[2, NULL, 4]::bigint[]) ORDER BY id', 'VALUES (2::bigint), (4)', 'ANY with NULL');
SELECT is_empty($$SELECT id FROM t WHERE id = ANY ('{}')$$, 'ANY of nothing');
SELECT is_empty('SELECT id FROM t WHERE id = ANY (NULL::bigint[])', 'ANY of NULL');
SELECT results_eq('SELECT id FROM t WHERE id IN (5, 3) AND n > 30', 'VALUES (5::bigint)', 'with another condition');
SELECT is((SELECT count(*) FROM t WHERE id = ANY (ARRAY(SELECT generate_series(1, 200)::bigint))), 50::bigint, 'many keys');
SELECT results_eq($$SELECT n FROM named WHERE id = 'ü''"\'$$, 'VALUES (3)', 'a text key of any characters');
SELECT results_eq($$SELECT id FROM named WHERE id IN ('a', 'b', 'B') ORDER BY n$$, $$VALUES ('a'), ('B')$$, 'text keys differ by case');

PREPARE by_key(bigint) AS SELECT n FROM t WHERE id = $1;
SET LOCAL plan_cache_mode = force_generic_plan;
SELECT results_eq('EXECUTE by_key(4)', 'VALUES (40)', 'a parameter');
SELECT is_empty('EXECUTE by_key(NULL)', 'a NULL parameter');

SELECT results_eq('SELECT w, n FROM wanted JOIN t ON t.id = wanted.k ORDER BY w',
                  $$VALUES ('again', 30), ('seven', 70), ('three', 30)$$, 'a join');
SET LOCAL enable_hashjoin = off;
SET LOCAL enable_mergejoin = off;
SELECT results_eq('SELECT w, n FROM wanted LEFT JOIN t ON t.id = wanted.k ORDER BY w',
                  $$VALUES ('again', 30), ('none', NULL), ('null', NULL), ('seven', 70), ('three', 30)$$, 'a nested loop of lookups');
SELECT * FROM finish();
ROLLBACK;
