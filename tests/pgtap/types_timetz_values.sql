-- Types without a counterpart travel as their text: timetz.
BEGIN;
SELECT plan(4);
\set type 'timetz'
\set remote 'TEXT'
CREATE TEMP TABLE expected (id int, v :type);
INSERT INTO expected VALUES
    (1, '00:00:00+14'),
    (2, '23:59:59.999999-12:30'),
    (3, '24:00:00+00'),
    (4, NULL);
\ir include/round_trip.psql
SELECT * FROM finish();
ROLLBACK;
