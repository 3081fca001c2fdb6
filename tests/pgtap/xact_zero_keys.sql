-- Rows that a transaction has changed do not show up as rows with the zero of the key's type, which is what KalamDB calls those whose
-- base row it did not read.
BEGIN;
SELECT plan(13);
CREATE SCHEMA xact_zero_keys;
SET search_path = xact_zero_keys, public;
CREATE TABLE n (id bigint PRIMARY KEY, a text, n int NOT NULL) USING kalamdb WITH (type = 'shared');
-- Stored, not staged.
SELECT kalam_exec($$INSERT INTO xact_zero_keys.n (id, a, n) VALUES (1, 'old', 1), (3, 'old', 3), (4, 'old', 4)$$) IS NULL AS done;
CREATE FUNCTION affected(statement text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE n bigint;
BEGIN EXECUTE statement; GET DIAGNOSTICS n = ROW_COUNT; RETURN n; END $$;

UPDATE n SET a = 'new' WHERE id = 3;
UPDATE n SET a = 'new' WHERE id = 1;
SELECT is_empty('SELECT * FROM n WHERE id = 0', 'no row 0');
SELECT results_eq('SELECT id, a FROM n WHERE id IN (0, 1) ORDER BY id', $$VALUES (1::bigint, 'new')$$, 'nor among others');
SELECT is(affected('UPDATE n SET n = n + 1 WHERE id IN (0, 4)'), 1::bigint, 'nor to be changed');
SELECT is(affected('UPDATE n SET n = 7 WHERE id = 0'), 0::bigint, 'without a scan too');
SELECT is(affected('DELETE FROM n WHERE id = 0'), 0::bigint, 'nor deleted');
SELECT is(affected($$INSERT INTO n VALUES (0, 'zero', 0) ON CONFLICT DO NOTHING$$), 1::bigint, 'nor in the way of one');
SELECT results_eq('SELECT id, a, n FROM n WHERE id = 0', $$VALUES (0::bigint, 'zero', 0)$$, 'which is a row then');

CREATE TABLE t (id text PRIMARY KEY, a text, n int NOT NULL) USING kalamdb WITH (type = 'shared');
SELECT kalam_exec($$INSERT INTO xact_zero_keys.t (id, a, n) VALUES ('x', 'old', 1), ('y', 'old', 2)$$) IS NULL AS done;
UPDATE t SET a = 'new' WHERE id = 'x';
UPDATE t SET a = 'new' WHERE id = 'y';
SELECT is_empty($$SELECT * FROM t WHERE id = ''$$, 'no row with an empty text');
SELECT is(affected($$INSERT INTO t VALUES ('', 'e', 0) ON CONFLICT DO NOTHING$$), 1::bigint, 'nor in the way of one');
SAVEPOINT s;
SELECT throws_ok($$INSERT INTO t VALUES ('', 'e', 0)$$, '23505', NULL, 'a second one is a duplicate');
ROLLBACK TO s;

CREATE TABLE b (id boolean PRIMARY KEY, n int NOT NULL) USING kalamdb WITH (type = 'shared');
SELECT kalam_exec($$INSERT INTO xact_zero_keys.b (id, n) VALUES (true, 1)$$) IS NULL AS done;
UPDATE b SET n = 2 WHERE id;
UPDATE b SET n = 3 WHERE id;
SELECT results_eq('SELECT id, n FROM b', 'VALUES (true, 3)', 'no row false');
SELECT is_empty('SELECT * FROM b WHERE NOT id', 'nor when asked for');
SAVEPOINT s;
SELECT is(affected('INSERT INTO b VALUES (false, 0)'), 1::bigint, 'nor in the way below a savepoint');
SELECT * FROM finish();
ROLLBACK;
