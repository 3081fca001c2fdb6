-- time: midnight at both ends, microseconds and NULL.
BEGIN;
SELECT plan(4);
\set type 'time'
\set remote 'TIME'
CREATE TEMP TABLE expected (id int, v :type);
INSERT INTO expected VALUES
    (1, '00:00'),
    (2, '24:00'),
    (3, '23:59:59.999999'),
    (4, '12:34:56.000001'),
    (5, NULL);
\ir include/round_trip.psql
SELECT * FROM finish();
ROLLBACK;
