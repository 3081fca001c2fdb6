-- numeric: NaN is refused; more digits than declared are PostgreSQL's to refuse.
BEGIN;
SELECT plan(3);
CREATE SCHEMA types_refused;
CREATE TABLE types_refused.t (id int PRIMARY KEY, v numeric(5,2)) USING kalamdb WITH (type = 'shared');
SELECT throws_ok($$INSERT INTO types_refused.t VALUES (1, 'NaN')$$, '22003', 'KalamDB cannot store NaN in column "v"', 'NaN');
SELECT throws_ok($$INSERT INTO types_refused.t VALUES (1, 1000)$$, '22003', NULL, 'too many digits');
SELECT is((SELECT count(*) FROM types_refused.t), 0::bigint, 'nothing was stored');
SELECT * FROM finish();
ROLLBACK;
