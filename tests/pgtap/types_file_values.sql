-- FILE: jsonb here, FILE on the server, which keeps a JSON text.
BEGIN;
SELECT plan(3);
CREATE SCHEMA types_file;
CREATE TABLE types_file.t (id int PRIMARY KEY, v FILE) USING kalamdb WITH (type = 'shared');
SELECT is(
    kalam_exec('SELECT data_type FROM system.columns WHERE namespace_id = ''types_file'' AND table_name = ''t'''
               ' AND column_name = ''v'' LIMIT 1')::jsonb -> 0 ->> 'data_type',
    'FILE', 'the server keeps a file');
SELECT col_type_is('types_file', 't', 'v', 'jsonb', 'the local type');
INSERT INTO types_file.t (id, v) VALUES (1, '{"name": "a.txt", "size": 12}'), (2, NULL);
SELECT results_eq('SELECT id, v FROM types_file.t ORDER BY id',
    $$VALUES (1, '{"name": "a.txt", "size": 12}'::jsonb), (2, NULL)$$, 'values come back equal');
SELECT * FROM finish();
ROLLBACK;
