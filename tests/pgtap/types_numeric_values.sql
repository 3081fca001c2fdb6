-- numeric(p,s): all digits and the scale are kept.
BEGIN;
SELECT plan(4);
\set type 'numeric(38,10)'
\set remote 'DECIMAL(38, 10)'
CREATE TEMP TABLE expected (id int, v :type);
INSERT INTO expected VALUES
    (1, 0),
    (2, -0.0000000001),
    (3, 9999999999999999999999999999.9999999999),
    (4, -9999999999999999999999999999.9999999999),
    (5, 1.5),
    (6, 12345678901234567890),
    (7, NULL);
\ir include/round_trip.psql
SELECT * FROM finish();
ROLLBACK;
