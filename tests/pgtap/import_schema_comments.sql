-- Comments of the server's tables and columns become comments here: IMPORT writes them as options of what it creates.
BEGIN;
SELECT plan(4);
\ir include/remote.psql

SELECT kalam_exec('DROP NAMESPACE IF EXISTS pgtap_comments');
SELECT kalam_exec('CREATE NAMESPACE pgtap_comments');
SELECT kalam_exec('CREATE SHARED TABLE pgtap_comments.t (id INT PRIMARY KEY, a TEXT)');
CREATE SCHEMA pgtap_comments_local;
CREATE FOREIGN TABLE pgtap_comments_local.t (id integer OPTIONS (key 'true', comment 'the key') NOT NULL, a text)
SERVER kalam_server OPTIONS (attach 'true', comment 'it''s a table', namespace 'pgtap_comments', "table" 't');
SELECT is(obj_description('pgtap_comments_local.t'::regclass, 'pg_class'), 'it''s a table', 'on the table');
SELECT is(col_description('pgtap_comments_local.t'::regclass, 1), 'the key', 'on a column');
SELECT is(pg_temp.local_columns('pgtap_comments_local.t'), E'id integer NOT NULL (key=true)\na text\n_seq bigint', 'they do not stay options');
SELECT is((SELECT ftoptions FROM pg_foreign_table WHERE ftrelid = 'pgtap_comments_local.t'::regclass),
          '{namespace=pgtap_comments,table=t,table_type=shared}'::text[], 'of the table neither');

SELECT kalam_exec('DROP NAMESPACE pgtap_comments');
SELECT * FROM finish();
ROLLBACK;
