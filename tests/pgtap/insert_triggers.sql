-- Row triggers, statement triggers, views WITH CHECK OPTION, partitions.
BEGIN;
SELECT plan(17);
CREATE SCHEMA insert_triggers;
SET search_path = insert_triggers, public;
CREATE TABLE t (id bigint PRIMARY KEY, n int, title text) USING kalamdb WITH (type = 'shared');
CREATE TABLE seen (what text, id bigint, rows bigint);

CREATE FUNCTION change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN NEW.title := upper(NEW.title); RETURN CASE WHEN NEW.n = 13 THEN NULL ELSE NEW END; END $$;
CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO seen SELECT TG_OP, coalesce(NEW.id, OLD.id), count(*) FROM t;
    RETURN NULL;
END $$;
CREATE TRIGGER a BEFORE INSERT OR UPDATE ON t FOR EACH ROW EXECUTE FUNCTION change();
CREATE TRIGGER b AFTER INSERT OR UPDATE OR DELETE ON t FOR EACH ROW EXECUTE FUNCTION note();

SELECT lives_ok($$INSERT INTO t VALUES (1, 1, 'one'), (2, 13, 'no'), (3, 3, 'three')$$, 'inserts with triggers');
SELECT results_eq('SELECT id, title FROM t ORDER BY id', $$VALUES (1::bigint, 'ONE'), (3, 'THREE')$$, 'BEFORE changes and skips rows');
SELECT results_eq('SELECT what, id, rows FROM seen ORDER BY id', $$VALUES ('INSERT', 1::bigint, 2::bigint), ('INSERT', 3, 2)$$,
                  'AFTER sees the statement''s rows');
DELETE FROM seen;
SELECT lives_ok('UPDATE t SET n = 7 WHERE id = 1', 'an update with triggers');
SELECT results_eq('SELECT id, n FROM t ORDER BY id', 'VALUES (1::bigint, 7), (3, 3)', 'changes the row');
SELECT results_eq('SELECT what, id FROM seen', $$VALUES ('UPDATE', 1::bigint)$$, 'and is seen');
DELETE FROM seen;
SELECT lives_ok('DELETE FROM t WHERE id = 3', 'a delete with triggers');
SELECT results_eq('SELECT what, id, rows FROM seen', $$VALUES ('DELETE', 3::bigint, 1::bigint)$$, 'is seen');

CREATE VIEW small AS SELECT id, n, title FROM t WHERE n < 100 WITH CHECK OPTION;
SELECT lives_ok($$INSERT INTO small VALUES (10, 10, 'x')$$, 'through a view');
SELECT throws_ok($$INSERT INTO small VALUES (11, 1000, 'x')$$, '44000', NULL, 'against its CHECK OPTION');
SELECT is((SELECT count(*) FROM t), 2::bigint, 'nothing of it stays');

CREATE TABLE parted (id bigint, region text, n int) PARTITION BY LIST (region);
CREATE TABLE parted_local PARTITION OF parted FOR VALUES IN ('local');
CREATE TABLE remote (id bigint PRIMARY KEY, region text, n int) USING kalamdb WITH (type = 'shared');
ALTER TABLE remote DROP COLUMN _seq;
ALTER TABLE parted ATTACH PARTITION remote FOR VALUES IN ('remote');
SELECT lives_ok($$INSERT INTO parted VALUES (1, 'local', 1), (2, 'remote', 2), (3, 'remote', 3)$$, 'rows routed to partitions');
SELECT is((SELECT count(*) FROM remote), 2::bigint, 'reach the foreign one');
SELECT results_eq('SELECT id, n FROM parted ORDER BY id', 'VALUES (1::bigint, 1), (2, 2), (3, 3)', 'and are read through the parent');
SELECT lives_ok($$UPDATE parted SET region = 'remote' WHERE id = 1$$, 'a row moved to the foreign partition');
SELECT results_eq('SELECT tableoid::regclass::text, id FROM parted ORDER BY id',
                  $$VALUES ('remote', 1::bigint), ('remote', 2), ('remote', 3)$$, 'is where it belongs');
UPDATE parted SET region = 'remote', n = n + 100;
SELECT results_eq('SELECT tableoid::regclass::text, id, n FROM parted ORDER BY id',
                  $$VALUES ('remote', 1::bigint, 101), ('remote', 2, 102), ('remote', 3, 103)$$, 'each changed once');
SELECT * FROM finish();
ROLLBACK;
