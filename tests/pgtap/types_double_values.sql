-- double precision: zero, the smallest and largest numbers, numbers of 17 digits, and NULL.
BEGIN;
SELECT plan(5);
\set type 'double precision'
\set remote 'DOUBLE'
CREATE TEMP TABLE expected (id int, v :type);
INSERT INTO expected VALUES
    (1, 0),
    (2, '5e-324'),
    (3, '1.7976931348623157e308'),
    (4, '-1.7976931348623157e308'),
    (5, 0.1),
    (6, 0.1::float8 + 0.2::float8),
    (7, '1e23'),
    (8, '123456789012345678'),
    (9, NULL),
    (10, '2.2250738585072014e-308'),
    (11, pi() * 1e100);
\ir include/round_trip.psql
UPDATE round_trip.t SET v = '-0' WHERE id = 1;
SELECT is((SELECT v::text FROM round_trip.t WHERE id = 1), '0', 'the server keeps no negative zero: it comes back as its equal');
SELECT * FROM finish();
ROLLBACK;
