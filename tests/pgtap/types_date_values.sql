-- date: the epochs, the extremes, BC, leap days and NULL.
BEGIN;
SELECT plan(4);
\set type 'date'
\set remote 'DATE'
CREATE TEMP TABLE expected (id int, v :type);
INSERT INTO expected VALUES
    (1, '1970-01-01'),
    (2, '2000-01-01'),
    (3, '1969-12-31'),
    (4, '2024-02-29'),
    (5, '4714-11-24 BC'),
    (6, '5874897-12-31'),
    (7, '0001-01-01'),
    (8, '0001-12-31 BC'),
    (9, NULL);
\ir include/round_trip.psql
SELECT * FROM finish();
ROLLBACK;
