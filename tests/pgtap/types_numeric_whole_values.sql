-- numeric(38,0): the largest whole numbers.
BEGIN;
SELECT plan(4);
\set type 'numeric(38,0)'
\set remote 'DECIMAL(38, 0)'
CREATE TEMP TABLE expected (id int, v :type);
INSERT INTO expected VALUES
    (1, 0),
    (2, 99999999999999999999999999999999999999),
    (3, -99999999999999999999999999999999999999),
    (4, 9223372036854775808),
    (5, NULL);
\ir include/round_trip.psql
SELECT * FROM finish();
ROLLBACK;
