-- Types without a counterpart travel as their text: interval.
BEGIN;
SELECT plan(4);
\set type 'interval'
\set remote 'TEXT'
CREATE TEMP TABLE expected (id int, v :type);
INSERT INTO expected VALUES
    (1, '0'),
    (2, '1 year -2 mons +3 days -04:05:06.789'),
    (3, '-178000000 years'),
    (4, '00:00:00.000001'),
    (5, NULL);
\ir include/round_trip.psql
SELECT * FROM finish();
ROLLBACK;
