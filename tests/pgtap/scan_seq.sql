-- _seq is the row's version: read-only here, the server's there.
BEGIN;
SELECT plan(4);
CREATE SCHEMA scan_seq;
SET search_path = scan_seq, public;
CREATE TABLE t (id bigint PRIMARY KEY, n int) USING kalamdb WITH (type = 'shared');
SELECT lives_ok('INSERT INTO t (id, n, _seq) VALUES (1, 1, 42)', 'a value given for _seq is ignored');
SELECT isnt((SELECT _seq FROM t WHERE id = 1), 42::bigint, 'and not stored');
SELECT lives_ok('UPDATE t SET _seq = 43 WHERE id = 1', 'nor in an update');
SELECT isnt((SELECT _seq FROM t WHERE id = 1), 43::bigint, 'and not stored there');
SELECT * FROM finish();
ROLLBACK;
