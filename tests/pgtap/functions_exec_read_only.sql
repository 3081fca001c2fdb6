-- kalam_exec in a read-only transaction: queries only, since nothing else would stop what the server is told.
BEGIN;
SELECT plan(8);
SELECT kalam_exec('DROP NAMESPACE IF EXISTS exec_read_only');
SELECT kalam_exec('CREATE NAMESPACE exec_read_only');
SELECT kalam_exec('CREATE SHARED TABLE exec_read_only.t (id BIGINT PRIMARY KEY)');
SET TRANSACTION READ ONLY;
SELECT is(kalam_exec('SELECT 1 AS a'), '[{"a":1}]', 'a query');
SELECT is(kalam_exec(E'-- why\n/* not */ (select 1 AS a)'), '[{"a":1}]', 'after comments and in parentheses');
SELECT is(kalam_exec('WITH x AS (SELECT 1 AS a) SELECT a FROM x'), '[{"a":1}]', 'WITH');
SELECT throws_ok($$SELECT kalam_exec('INSERT INTO exec_read_only.t (id) VALUES (1)')$$, '25006', NULL, 'INSERT');
SELECT throws_ok($$SELECT kalam_exec('/* SELECT */ INSERT INTO exec_read_only.t (id) VALUES (1)')$$, '25006', NULL, 'after a comment');
SELECT throws_ok($$SELECT kalam_exec('EXPLAIN ANALYZE INSERT INTO exec_read_only.t (id) VALUES (1)')$$, '25006', NULL,
    'EXPLAIN ANALYZE, which executes');
SELECT throws_ok($$SELECT kalam_exec('DROP TABLE exec_read_only.t')$$, '25006', NULL, 'DDL');
SELECT is(kalam_exec('SELECT id FROM exec_read_only.t'), '[]', 'nothing was written');
SELECT * FROM finish();
ROLLBACK;
