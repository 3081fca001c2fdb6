-- double precision: both zeros, the smallest and largest numbers, numbers of 17 digits, and NULL.
BEGIN;
SELECT plan(4);
\set type 'double precision'
\set remote 'DOUBLE'
CREATE TEMP TABLE expected (id int, v :type);
INSERT INTO expected VALUES
    (1, 0),
    (2, '-0'),
    (3, '5e-324'),
    (4, '1.7976931348623157e308'),
    (5, '-1.7976931348623157e308'),
    (6, 0.1),
    (7, 0.1::float8 + 0.2::float8),
    (8, '1e23'),
    (9, '123456789012345678'),
    (10, NULL),
    (11, '2.2250738585072014e-308'),
    (12, pi() * 1e100);
\ir include/round_trip.psql
SELECT * FROM finish();
ROLLBACK;
