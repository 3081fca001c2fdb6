-- What PostgreSQL allows on no foreign table is refused in its words, and changes nothing; a KalamDB table as a source is fine.
BEGIN;
SELECT plan(11);
CREATE SCHEMA modify_refused;
SET search_path = modify_refused, public;
CREATE TABLE t (id bigint PRIMARY KEY, n int) USING kalamdb;
INSERT INTO t VALUES (1, 10), (2, 20);
CREATE TABLE plain (id bigint PRIMARY KEY, n int);
INSERT INTO plain VALUES (2, 0);
CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
SELECT throws_ok('MERGE INTO t USING plain p ON t.id = p.id WHEN MATCHED THEN UPDATE SET n = 1', '0A000', NULL, 'MERGE into it');
SELECT throws_ok('CREATE RULE r AS ON INSERT TO t DO INSTEAD NOTHING', '42809', NULL, 'rules');
SELECT throws_ok('CREATE TRIGGER a AFTER INSERT ON t REFERENCING NEW TABLE AS added EXECUTE FUNCTION nothing()', '42809', NULL, 'transition tables');
-- PostgreSQL 16 and later take them on foreign tables.
SELECT CASE WHEN current_setting('server_version_num')::int < 160000
    THEN throws_ok('CREATE TRIGGER a BEFORE TRUNCATE ON t EXECUTE FUNCTION nothing()', '42809', NULL, 'TRUNCATE triggers')
    ELSE lives_ok('CREATE TRIGGER a BEFORE TRUNCATE ON t EXECUTE FUNCTION nothing()', 'TRUNCATE triggers') END;
SELECT throws_ok('CREATE CONSTRAINT TRIGGER a AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION nothing()', '42809', NULL, 'constraint triggers');
SELECT throws_ok('CREATE INDEX ON t (n)', '42809', NULL, 'indexes');
SELECT throws_ok('ALTER TABLE t ENABLE ROW LEVEL SECURITY', '42809', NULL, 'row level security');
SELECT throws_ok('SELECT * FROM t TABLESAMPLE SYSTEM (10)', '0A000', NULL, 'TABLESAMPLE');
SELECT lives_ok('MERGE INTO plain p USING t ON t.id = p.id WHEN MATCHED THEN UPDATE SET n = t.n WHEN NOT MATCHED THEN INSERT VALUES (t.id, t.n)', 'MERGE from it');
SELECT results_eq('SELECT id, n FROM plain ORDER BY id', 'VALUES (1::bigint, 10), (2, 20)', 'has its rows');
SELECT results_eq('SELECT id, n FROM t ORDER BY id', 'VALUES (1::bigint, 10), (2, 20)', 'which are as they were');
SELECT * FROM finish();
ROLLBACK;
