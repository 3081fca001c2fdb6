-- A column's name goes to KalamDB only if KalamDB can take it, however the column came by it.
BEGIN;
SELECT plan(15);
SELECT kalam_exec('DROP NAMESPACE IF EXISTS pgtap_names');
SELECT kalam_exec('CREATE NAMESPACE pgtap_names');
SELECT kalam_exec('CREATE SHARED TABLE pgtap_names.base (id BIGINT PRIMARY KEY, t TEXT)');
SELECT kalam_exec('INSERT INTO pgtap_names.base (id, t) VALUES (1, ''x'')');
CREATE SCHEMA pgtap_names;
SET LOCAL search_path = pgtap_names, public;

CREATE FUNCTION refused(command text, what text) RETURNS text LANGUAGE sql AS $$
    SELECT throws_ok(command, '42602', 'KalamDB cannot take the column name "true or t"', what)
$$;

-- The form of a dump, whose columns may get their remote names in statements to come.
CREATE FOREIGN TABLE dumped (id bigint NOT NULL, "true or t" text, _seq bigint) SERVER kalam_server OPTIONS (table_type 'shared', namespace 'pgtap_names', "table" 'base');
SELECT refused('ALTER TABLE dumped ALTER COLUMN "true or t" SET NOT NULL', 'SET NOT NULL');
SELECT refused('ALTER TABLE dumped ALTER COLUMN "true or t" SET DEFAULT ''x''', 'SET DEFAULT');
SELECT refused('ALTER TABLE dumped ALTER COLUMN "true or t" TYPE varchar', 'TYPE');
SELECT refused('ALTER TABLE dumped DROP COLUMN "true or t"', 'DROP COLUMN');
SELECT refused('SELECT * FROM dumped', 'SELECT');
SELECT refused('INSERT INTO dumped VALUES (2, ''y'')', 'INSERT');
SELECT refused('UPDATE dumped SET "true or t" = ''y''', 'UPDATE');
SELECT refused('DELETE FROM dumped WHERE id = 1', 'DELETE');
SELECT refused('TRUNCATE dumped', 'TRUNCATE');
ALTER FOREIGN TABLE dumped ALTER COLUMN "true or t" OPTIONS (column_name 't');
SELECT results_eq('SELECT id, "true or t" FROM dumped', $$VALUES (1::bigint, 'x'::text)$$, 'usable once its remote name is said');

CREATE FOREIGN TABLE attached (id bigint NOT NULL, "true or t" text) SERVER kalam_server OPTIONS (attach 'true', table_type 'shared', namespace 'pgtap_names', "table" 'base');
SELECT refused('ALTER TABLE attached ALTER COLUMN "true or t" SET NOT NULL', 'attached');

-- Columns that come from a parent.
CREATE TABLE parent (id bigint NOT NULL, "true or t" text) PARTITION BY RANGE (id);
SET LOCAL kalam.mirror_ddl = off;
CREATE FOREIGN TABLE child PARTITION OF parent FOR VALUES FROM (0) TO (10) SERVER kalam_server OPTIONS (table_type 'shared', namespace 'pgtap_names', "table" 'base');
SET LOCAL kalam.mirror_ddl = on;
SELECT refused('ALTER TABLE parent ALTER COLUMN "true or t" SET NOT NULL', 'inherited');
SELECT refused('SELECT * FROM parent', 'read through the parent');

SELECT throws_ok('ALTER FOREIGN TABLE dumped ALTER COLUMN "true or t" OPTIONS (SET column_name ''true or t'')', '42602', NULL, 'ALTER ... OPTIONS');
SELECT lives_ok('DROP TABLE attached', 'a table with such a column can be dropped');
SELECT kalam_exec('DROP NAMESPACE pgtap_names');
SELECT * FROM finish();
ROLLBACK;
