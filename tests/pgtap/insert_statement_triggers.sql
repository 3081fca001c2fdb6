-- Statement triggers see the table before and after the statement's rows; once each, also where no row is touched.
BEGIN;
SELECT plan(4);
CREATE SCHEMA insert_statement_triggers;
SET search_path = insert_statement_triggers, public;
CREATE TABLE t (id bigint PRIMARY KEY, n int) USING kalamdb;
CREATE TABLE seen (turn serial, what text, rows bigint);
CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO seen (what, rows) SELECT TG_WHEN || ' ' || TG_OP, count(*) FROM t;
    RETURN NULL;
END $$;
CREATE TRIGGER a BEFORE INSERT OR UPDATE OR DELETE ON t FOR EACH STATEMENT EXECUTE FUNCTION note();
CREATE TRIGGER b AFTER INSERT OR UPDATE OR DELETE ON t FOR EACH STATEMENT EXECUTE FUNCTION note();
CREATE FUNCTION told() RETURNS text LANGUAGE sql AS $$
    WITH gone AS (DELETE FROM seen RETURNING *) SELECT string_agg(what || ' ' || rows, ', ' ORDER BY turn) FROM gone
$$;
INSERT INTO t VALUES (1, 1), (2, 2);
SELECT is(told(), 'BEFORE INSERT 0, AFTER INSERT 2', 'INSERT');
UPDATE t SET n = 5 WHERE id = 1;
SELECT is(told(), 'BEFORE UPDATE 2, AFTER UPDATE 2', 'UPDATE by key');
UPDATE t SET n = 5 WHERE id = 99;
SELECT is(told(), 'BEFORE UPDATE 2, AFTER UPDATE 2', 'UPDATE of no row');
DELETE FROM t WHERE n = 5;
SELECT is(told(), 'BEFORE DELETE 2, AFTER DELETE 1', 'DELETE');
SELECT * FROM finish();
ROLLBACK;
