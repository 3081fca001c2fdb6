-- What a cursor shows is decided when it is opened, whatever happens before its first FETCH.
BEGIN;
SELECT plan(9);
CREATE SCHEMA xact_cursor;
SET search_path = xact_cursor, public;
CREATE TABLE t (id bigint PRIMARY KEY, n int) USING kalamdb WITH (type = 'shared');
INSERT INTO t SELECT g, g FROM generate_series(1, 3) g;

DECLARE before_insert CURSOR FOR SELECT id FROM t ORDER BY id;
INSERT INTO t VALUES (4, 4);
SELECT results_eq('FETCH ALL FROM before_insert', 'VALUES (1::bigint), (2), (3)', 'not a row inserted later');
DECLARE before_update CURSOR FOR SELECT id, n FROM t WHERE n > 2 ORDER BY id;
UPDATE t SET n = 0 WHERE id = 3;
UPDATE t SET n = n + 10;
SELECT results_eq('FETCH ALL FROM before_update', 'VALUES (3::bigint, 3), (4, 4)', 'the values from before an UPDATE');
DECLARE before_delete SCROLL CURSOR FOR SELECT id FROM t WHERE id = 1;
DELETE FROM t WHERE id = 1;
SELECT results_eq('FETCH ALL FROM before_delete', 'VALUES (1::bigint)', 'a row looked up by key and deleted');
SELECT is_empty('SELECT id FROM t WHERE id = 1', 'which is deleted indeed');
DECLARE counted CURSOR FOR SELECT count(*) FROM t;
DELETE FROM t;
SELECT results_eq('FETCH ALL FROM counted', 'VALUES (3::bigint)', 'a count from before the rows went');

-- Not opened by DECLARE: a statement that writes lets the others ask.
INSERT INTO t VALUES (1, 1);
CREATE FUNCTION opened() RETURNS int LANGUAGE plpgsql AS $$
DECLARE c CURSOR FOR SELECT n FROM t WHERE id = 1; found int;
BEGIN
    OPEN c;
    UPDATE t SET n = 2 WHERE id = 1;
    FETCH c INTO found;
    RETURN found;
END $$;
SELECT is(opened(), 1, 'a cursor of a function');
CREATE FUNCTION add_row() RETURNS int LANGUAGE sql VOLATILE AS 'INSERT INTO t SELECT max(id) + 1, 0 FROM t RETURNING 0';
SELECT results_eq('SELECT add_row(), (SELECT count(*)::int FROM t)', 'VALUES (0, 1)', 'a statement does not see what its own functions write');
SELECT results_eq('SELECT count(*)::int FROM t', 'VALUES (2)', 'the next one does');

SAVEPOINT s;
DECLARE dropped CURSOR FOR SELECT id FROM t;
ROLLBACK TO s;
INSERT INTO t VALUES (9, 9);
SELECT results_eq('SELECT count(*)::int FROM t', 'VALUES (3)', 'a cursor that a savepoint took away asks nobody');
SELECT * FROM finish();
ROLLBACK;
