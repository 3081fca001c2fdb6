-- KalamDB tables as partitions: created with the parent's columns; ALTER of the parent reaches them on both sides.
BEGIN;
SELECT plan(12);
\ir include/remote.psql

CREATE SCHEMA pgtap_partition;
CREATE TABLE pgtap_partition.p (id bigint NOT NULL, region text, n int) PARTITION BY LIST (region);
CREATE TABLE pgtap_partition.here PARTITION OF pgtap_partition.p FOR VALUES IN ('here');
CREATE FOREIGN TABLE pgtap_partition.there PARTITION OF pgtap_partition.p FOR VALUES IN ('there') SERVER kalam_server;
SELECT is(pg_temp.remote_columns('pgtap_partition', 'there'), E'id BIGINT NOT NULL KEY\nregion TEXT\nn INT', 'the columns are the parent''s');
SELECT throws_ok('CREATE TABLE pgtap_partition.using PARTITION OF pgtap_partition.p DEFAULT USING kalamdb', '0A000', NULL, 'CREATE TABLE ... USING says how it is done');
INSERT INTO pgtap_partition.p VALUES (1, 'here', 10), (2, 'there', 20);
SELECT results_eq('SELECT id, n FROM pgtap_partition.there', 'VALUES (2::bigint, 20)', 'rows are routed');
SELECT throws_ok($$UPDATE pgtap_partition.p SET region = 'here' WHERE id = 2$$, '23514', NULL, 'a row does not leave its partition unseen');
SELECT throws_ok($$UPDATE pgtap_partition.there SET region = 'here' WHERE id = 2$$, '23514', NULL, 'nor by the partition''s own name');
SELECT throws_ok($$INSERT INTO pgtap_partition.there VALUES (3, 'here', 1)$$, '23514', NULL, 'nor does a wrong one come in');
UPDATE pgtap_partition.p SET region = 'there' WHERE id = 1;
SELECT results_eq('SELECT id FROM pgtap_partition.there ORDER BY id', 'VALUES (1::bigint), (2)', 'a row may move in');
DELETE FROM pgtap_partition.there WHERE id = 1;
INSERT INTO pgtap_partition.p VALUES (1, 'here', 10);
ALTER TABLE pgtap_partition.p RENAME COLUMN n TO m;
SELECT results_eq('SELECT m FROM pgtap_partition.p ORDER BY 1', 'VALUES (10), (20)', 'a column renamed in the parent keeps its values');
ALTER TABLE pgtap_partition.p ADD COLUMN extra text;
SELECT is(pg_temp.remote_columns('pgtap_partition', 'there'), E'id BIGINT NOT NULL KEY\nregion TEXT\nn INT\nextra TEXT', 'a column added to the parent is added remotely');
SELECT throws_ok('ALTER TABLE pgtap_partition.p DROP COLUMN id', '0A000', NULL, 'the key cannot be dropped through the parent');

CREATE TABLE pgtap_partition.apart (id bigint PRIMARY KEY, region text, m int, extra text) USING kalamdb;
SELECT lives_ok('ALTER TABLE pgtap_partition.apart DROP COLUMN _seq', 'a table without _seq');
SELECT lives_ok('ALTER TABLE pgtap_partition.p ATTACH PARTITION pgtap_partition.apart FOR VALUES IN (''apart'')', 'can be attached');

SELECT * FROM finish();
ROLLBACK;
