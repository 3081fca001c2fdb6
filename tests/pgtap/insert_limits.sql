-- The server's limits: a row over 4 MiB, a key that a transaction cannot take.
BEGIN;
SELECT plan(6);
CREATE SCHEMA insert_limits;
SET search_path = insert_limits, public;
CREATE TABLE t (id bigint PRIMARY KEY, body text) USING kalamdb WITH (type = 'shared');
CREATE TABLE keyed (sku text PRIMARY KEY, n int) USING kalamdb WITH (type = 'shared');

SELECT throws_ok($$INSERT INTO t VALUES (1, repeat('x', 5000000))$$, '54000', NULL, 'a row that is too large');
SELECT throws_like($$INSERT INTO t VALUES (1, repeat('x', 5000000))$$, '%too large%', 'says so');
SELECT lives_ok($$INSERT INTO t SELECT g, repeat('y', 1000000) FROM generate_series(1, 9) g$$, 'more than one request');
SELECT is((SELECT sum(length(body)) FROM t), 9000000::bigint, 'all of it is there');
SELECT throws_ok($$INSERT INTO keyed VALUES ('a', 1)$$, '0A000', NULL, 'a key of another name inside a transaction');
SELECT throws_like($$INSERT INTO keyed VALUES ('a', 1)$$, '%inside a transaction%', 'says so');
SELECT * FROM finish();
ROLLBACK;
