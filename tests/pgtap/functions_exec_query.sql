-- kalam_exec of queries: a JSON array of objects.
BEGIN;
SELECT plan(9);
SELECT is(kalam_exec('SELECT 1 AS a, ''x"y'' AS b, NULL AS n')::jsonb, '[{"a": 1, "b": "x\"y", "n": null}]', 'one row');
SELECT is(kalam_exec(E'\n  select 1 AS a')::jsonb, '[{"a": 1}]', 'blanks and lower case before it');
SELECT is(kalam_exec('/* why */ SELECT 1 AS a')::jsonb, '[{"a": 1}]', 'a comment before it');
SELECT is(kalam_exec('SELECT 1 AS a;')::jsonb, '[{"a": 1}]', 'a semicolon after it');
SELECT is(kalam_exec('SELECT ''ä€😀'' AS a')::jsonb ->> 0, '{"a": "ä€😀"}', 'text that is not ASCII');

SELECT kalam_exec('DROP NAMESPACE IF EXISTS exec_query');
SELECT kalam_exec('CREATE NAMESPACE exec_query');
SELECT kalam_exec('CREATE SHARED TABLE exec_query.t (id BIGINT PRIMARY KEY, v TEXT)');
SELECT is(kalam_exec('SELECT id, v FROM exec_query.t'), '[]', 'no rows');
SELECT kalam_exec('INSERT INTO exec_query.t (id, v) VALUES (9007199254740993, ''a''), (2, NULL)');
SELECT is(kalam_exec('SELECT id, v FROM exec_query.t ORDER BY id')::jsonb,
    '[{"id": 2, "v": null}, {"id": 9007199254740993, "v": "a"}]', 'rows, with all digits');
SELECT is(jsonb_typeof(kalam_exec('SELECT * FROM system.tables LIMIT 1000')::jsonb), 'array', 'the server''s catalog');
SELECT kalam_exec('DROP NAMESPACE exec_query');
SELECT is(jsonb_array_length(kalam_exec(
    'SELECT 1 AS a FROM system.tables WHERE namespace_id = ''exec_query'' LIMIT 10')::jsonb), 0, 'the table is gone');
SELECT * FROM finish();
ROLLBACK;
