-- real: zero, the smallest and largest numbers, shortest digits, and NULL.
BEGIN;
SELECT plan(5);
\set type 'real'
\set remote 'FLOAT'
CREATE TEMP TABLE expected (id int, v :type);
INSERT INTO expected VALUES
    (1, 0),
    (2, '1e-45'),
    (3, '3.4028235e38'),
    (4, '-3.4028235e38'),
    (5, 0.1),
    (6, 16777217),
    (7, NULL),
    (8, '1.17549435e-38');
\ir include/round_trip.psql
UPDATE round_trip.t SET v = '-0' WHERE id = 1;
SELECT is((SELECT v::text FROM round_trip.t WHERE id = 1), '0', 'the server keeps no negative zero: it comes back as its equal');
SELECT * FROM finish();
ROLLBACK;
