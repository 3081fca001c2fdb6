-- timestamptz: infinity, and what 64 bits of microseconds since 1970 do not hold, are refused.
BEGIN;
SELECT plan(4);
CREATE SCHEMA types_refused;
CREATE TABLE types_refused.t (id int PRIMARY KEY, v timestamptz) USING kalamdb WITH (type = 'shared');
SELECT throws_ok($$INSERT INTO types_refused.t VALUES (1, 'infinity')$$, '22008', 'KalamDB cannot store an infinite timestamp in column "v"', 'infinity');
SELECT throws_ok($$INSERT INTO types_refused.t VALUES (1, '-infinity')$$, '22008', 'KalamDB cannot store an infinite timestamp in column "v"', 'minus infinity');
SELECT throws_ok($$INSERT INTO types_refused.t VALUES (1, '294276-12-31 23:59:59+00')$$, '22008', 'KalamDB cannot store a timestamp after January 294247 in column "v"', 'the last year');
SELECT is((SELECT count(*) FROM types_refused.t), 0::bigint, 'nothing was stored');
SELECT * FROM finish();
ROLLBACK;
