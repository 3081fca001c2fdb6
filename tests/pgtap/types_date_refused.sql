-- date: infinity is refused.
BEGIN;
SELECT plan(3);
CREATE SCHEMA types_refused;
CREATE TABLE types_refused.t (id int PRIMARY KEY, v date) USING kalamdb WITH (type = 'shared');
SELECT throws_ok($$INSERT INTO types_refused.t VALUES (1, 'infinity')$$, '22008', 'KalamDB cannot store an infinite date in column "v"', 'infinity');
SELECT throws_ok($$INSERT INTO types_refused.t VALUES (1, '-infinity')$$, '22008', 'KalamDB cannot store an infinite date in column "v"', 'minus infinity');
SELECT is((SELECT count(*) FROM types_refused.t), 0::bigint, 'nothing was stored');
SELECT * FROM finish();
ROLLBACK;
