-- jsonb: what is no JSON does not reach the server.
BEGIN;
SELECT plan(3);
CREATE SCHEMA types_refused;
CREATE TABLE types_refused.t (id int PRIMARY KEY, v jsonb) USING kalamdb WITH (type = 'shared');
SELECT throws_ok($$INSERT INTO types_refused.t VALUES (1, '{')$$, '22P02', NULL, 'no JSON');
SELECT throws_ok($$INSERT INTO types_refused.t VALUES (1, '"\u0000"')$$, '22P05', NULL, 'a NUL character');
SELECT is((SELECT count(*) FROM types_refused.t), 0::bigint, 'nothing was stored');
SELECT * FROM finish();
ROLLBACK;
