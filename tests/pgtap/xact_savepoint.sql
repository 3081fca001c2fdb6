-- Savepoints undo what came after them, and only that.
BEGIN;
SELECT plan(13);
CREATE SCHEMA xact_savepoint;
SET search_path = xact_savepoint, public;
CREATE TABLE t (id bigint PRIMARY KEY, n int) USING kalamdb WITH (type = 'shared');
INSERT INTO t VALUES (1, 1), (2, 2);

SAVEPOINT a;
INSERT INTO t VALUES (3, 3);
UPDATE t SET n = 10 WHERE id = 1;
DELETE FROM t WHERE id = 2;
SELECT results_eq('SELECT id, n FROM t ORDER BY id', 'VALUES (1::bigint, 10), (3, 3)', 'seen before');
ROLLBACK TO a;
SELECT results_eq('SELECT id, n FROM t ORDER BY id', 'VALUES (1::bigint, 1), (2, 2)', 'undone');
INSERT INTO t VALUES (4, 4);
SAVEPOINT b;
INSERT INTO t VALUES (5, 5);
RELEASE b;
SELECT is((SELECT count(*) FROM t), 4::bigint, 'released rows stay');
ROLLBACK TO a;
SELECT results_eq('SELECT id, n FROM t ORDER BY id', 'VALUES (1::bigint, 1), (2, 2)', 'released rows go with the savepoint around them');
SAVEPOINT c;
ROLLBACK TO c;
SELECT is((SELECT count(*) FROM t), 2::bigint, 'a savepoint without writes');

CREATE FUNCTION tries(statement text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE statement;
    RETURN 'done';
EXCEPTION WHEN unique_violation THEN RETURN 'duplicate';
          WHEN division_by_zero THEN RETURN 'division';
END $$;
SELECT is(tries('INSERT INTO t VALUES (1, 99)'), 'duplicate', 'a duplicate key is seen in an EXCEPTION block');
SELECT is(tries('INSERT INTO t VALUES (7, 7), (8, 8), (7, 9)'), 'duplicate', 'a key given twice too');
SELECT is(tries('INSERT INTO t SELECT g, 1 / (8 - g) FROM generate_series(7, 9) g'), 'division', 'another error');
SELECT is(tries('INSERT INTO t VALUES (9, 9)'), 'done', 'a new key');
SELECT results_eq('SELECT id FROM t ORDER BY id', 'VALUES (1::bigint), (2), (9)', 'only what succeeded is there');

SET LOCAL kalam.savepoint_journal_limit = 0;
INSERT INTO t VALUES (20, 20);
SAVEPOINT d;
SELECT lives_ok('SELECT count(*) FROM t', 'reads need no journal');
ROLLBACK TO d;
SELECT is((SELECT count(*) FROM t), 4::bigint, 'nothing was undone');
SAVEPOINT e;
INSERT INTO t VALUES (21, 21);
ROLLBACK TO e;
SELECT throws_ok('SELECT count(*) FROM t', '40000', NULL, 'beyond the journal the transaction cannot go on');
SELECT * FROM finish();
ROLLBACK;
