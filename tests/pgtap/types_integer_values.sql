-- integer: zero, the extremes and NULL.
BEGIN;
SELECT plan(4);
\set type 'integer'
\set remote 'INT'
CREATE TEMP TABLE expected (id int, v :type);
INSERT INTO expected VALUES
    (1, 0),
    (2, -2147483648),
    (3, 2147483647),
    (4, NULL),
    (5, -1);
\ir include/round_trip.psql
SELECT * FROM finish();
ROLLBACK;
