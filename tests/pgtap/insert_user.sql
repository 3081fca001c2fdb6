-- The owner of inserted rows: kalam.user_id, or _userid, the same for all rows of a statement.
BEGIN;
SELECT plan(9);
CREATE SCHEMA insert_user;
SET search_path = insert_user, public;
SET LOCAL kalam.user_id = 'alice';
CREATE TABLE t (id bigint PRIMARY KEY, n int) USING kalamdb WITH (type = 'user');

SELECT lives_ok('INSERT INTO t VALUES (1, 1)', 'the session''s user');
SELECT lives_ok($$INSERT INTO t (id, n, _userid) VALUES (1, 2, 'bob'), (2, 2, 'bob')$$, 'another user');
SELECT results_eq('SELECT id, n FROM t', 'VALUES (1::bigint, 1)', 'alice has hers');
SELECT results_eq($$SELECT id, n FROM t WHERE _userid = 'bob' ORDER BY id$$, 'VALUES (1::bigint, 2), (2, 2)', 'bob has his');
SELECT throws_like($$INSERT INTO t (id, n, _userid) VALUES (3, 3, 'bob'), (4, 4, 'carol')$$, '%same "_userid"%', 'two users');
SELECT throws_like($$INSERT INTO t (id, n, _userid) VALUES (3, 3, 'bob'), (4, 4, NULL)$$, '%same "_userid"%', 'one of them the session''s');
SELECT throws_ok($$INSERT INTO t (id, n, _userid) VALUES (3, 3, '../etc')$$, '22023', NULL, 'a name that would crash the server');
SELECT throws_ok($$UPDATE t SET _userid = 'bob'$$, '0A000', NULL, 'rows do not change hands');
SELECT is((SELECT count(*) FROM t), 1::bigint, 'nothing came in meanwhile');
SELECT * FROM finish();
ROLLBACK;
