-- real: both zeros, the smallest and largest numbers, shortest digits, and NULL.
BEGIN;
SELECT plan(4);
\set type 'real'
\set remote 'FLOAT'
CREATE TEMP TABLE expected (id int, v :type);
INSERT INTO expected VALUES
    (1, 0),
    (2, '-0'),
    (3, '1e-45'),
    (4, '3.4028235e38'),
    (5, '-3.4028235e38'),
    (6, 0.1),
    (7, 16777217),
    (8, NULL),
    (9, '1.17549435e-38');
\ir include/round_trip.psql
SELECT * FROM finish();
ROLLBACK;
