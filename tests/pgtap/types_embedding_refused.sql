-- EMBEDDING(n) as real[]: other lengths, NULL elements and numbers that JSON does not have are refused.
BEGIN;
SELECT plan(7);
CREATE SCHEMA types_refused;
SELECT throws_ok($$CREATE TABLE types_refused.none (id int PRIMARY KEY, v EMBEDDING) USING kalamdb WITH (type = 'shared')$$,
    '22023', 'EMBEDDING needs exactly one dimension between 1 and 8192', 'no dimension');
SELECT throws_ok($$CREATE TABLE types_refused.long (id int PRIMARY KEY, v EMBEDDING(8193)) USING kalamdb WITH (type = 'shared')$$,
    '22023', 'EMBEDDING needs exactly one dimension between 1 and 8192', 'too many dimensions');
CREATE FOREIGN TABLE types_refused.t (id int OPTIONS (key 'true'), v real[] OPTIONS (kalam_type 'EMBEDDING(3)'))
    SERVER kalam_server OPTIONS (table_type 'shared');
SELECT throws_ok($$INSERT INTO types_refused.t VALUES (1, '{1,2}')$$, '22000', 'column "v" takes 3 dimensions, not 2', 'too short');
SELECT throws_ok($$INSERT INTO types_refused.t VALUES (1, '{1,NULL,3}')$$, '22004',
    'KalamDB cannot store an array with NULLs in column "v"', 'a NULL element');
SELECT throws_ok($$INSERT INTO types_refused.t VALUES (1, '{1,NaN,3}')$$, '22003', 'KalamDB cannot store NaN in column "v"', 'NaN');
SELECT throws_ok($$INSERT INTO types_refused.t VALUES (1, '{{1},{2},{3}}')$$, '22000',
    'KalamDB cannot store an array that is not one-dimensional from 1 in column "v"', 'two dimensions');
SELECT is((SELECT count(*) FROM types_refused.t), 0::bigint, 'nothing was stored');
SELECT * FROM finish();
ROLLBACK;
