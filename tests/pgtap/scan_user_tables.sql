-- Rows of user tables belong to kalam.user_id; _userid names the owner and routes a superuser's reads.
BEGIN;
SELECT plan(15);
CREATE SCHEMA scan_user_tables;
SET search_path = scan_user_tables, public;
SET LOCAL kalam.user_id = 'alice';
CREATE TABLE t (id bigint PRIMARY KEY, n int) USING kalamdb WITH (type = 'user');
INSERT INTO t VALUES (1, 10), (2, 20);
SET LOCAL kalam.user_id = 'bob';
INSERT INTO t VALUES (1, 100);

SELECT results_eq('SELECT id, n, _userid FROM t', $$VALUES (1::bigint, 100, 'bob')$$, 'own rows, and whose they are');
SET LOCAL kalam.user_id = 'alice';
SELECT results_eq('SELECT id, n FROM t ORDER BY id', 'VALUES (1::bigint, 10), (2, 20)', 'another user in the same transaction');
SELECT results_eq($$SELECT n, _userid FROM t WHERE _userid = 'bob'$$, $$VALUES (100, 'bob')$$, 'a superuser is routed');
SELECT results_eq($$SELECT n FROM t WHERE _userid = 'bob' AND id = 1$$, 'VALUES (100)', 'with a key');
SELECT is_empty($$SELECT n FROM t WHERE _userid = 'nobody'$$, 'a user without rows');
SELECT is_empty('SELECT n FROM t WHERE _userid IS NULL', 'every row has an owner');
SELECT is((SELECT count(*) FROM t WHERE _userid <> 'bob'), 2::bigint, 'other conditions are local');
SELECT results_eq($$WITH d AS (DELETE FROM t WHERE _userid = 'bob' RETURNING id) SELECT count(*) FROM d$$, 'VALUES (0::bigint)',
                  'changes are not routed');
SELECT results_eq($$SELECT n FROM t WHERE _userid = 'bob'$$, 'VALUES (100)', 'and leave the other rows alone');

SET LOCAL kalam.user_id = '';
SELECT throws_like('SELECT * FROM t', '%kalam.user_id%', 'a scan without identity');
SELECT throws_like('INSERT INTO t VALUES (9, 9)', '%kalam.user_id%', 'an insert without identity');
SELECT throws_like('UPDATE t SET n = 1', '%kalam.user_id%', 'an update without identity');
SELECT throws_like('DELETE FROM t WHERE id = 1', '%kalam.user_id%', 'a delete without identity');

SET LOCAL kalam.user_id = 'alice';
CREATE ROLE scan_user_tables_role;
GRANT USAGE ON SCHEMA scan_user_tables TO scan_user_tables_role;
GRANT ALL ON t TO scan_user_tables_role;
GRANT USAGE ON FOREIGN SERVER kalam_server TO scan_user_tables_role;
SET LOCAL ROLE scan_user_tables_role;
SELECT is_empty($$SELECT n FROM t WHERE _userid = 'bob'$$, 'others are not routed');
SELECT throws_ok($$INSERT INTO t (id, n, _userid) VALUES (5, 5, 'bob')$$, '42501', NULL, 'nor may they insert for another user');
RESET ROLE;
SELECT * FROM finish();
ROLLBACK;
