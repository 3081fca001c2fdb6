-- double precision: what JSON has no number for is refused.
BEGIN;
SELECT plan(4);
CREATE SCHEMA types_refused;
CREATE TABLE types_refused.t (id int PRIMARY KEY, v double precision) USING kalamdb WITH (type = 'shared');
SELECT throws_ok($$INSERT INTO types_refused.t VALUES (1, 'NaN')$$, '22003', 'KalamDB cannot store NaN in column "v"', 'NaN');
SELECT throws_ok($$INSERT INTO types_refused.t VALUES (1, 'Infinity')$$, '22003', 'KalamDB cannot store an infinite number in column "v"', 'infinity');
SELECT throws_ok($$INSERT INTO types_refused.t VALUES (1, '-Infinity')$$, '22003', 'KalamDB cannot store an infinite number in column "v"', 'minus infinity');
SELECT is((SELECT count(*) FROM types_refused.t), 0::bigint, 'nothing was stored');
SELECT * FROM finish();
ROLLBACK;
