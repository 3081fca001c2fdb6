-- timestamp: the epochs, microseconds, the extremes that 64 bits since 1970 hold, BC and NULL.
BEGIN;
SELECT plan(4);
\set type 'timestamp'
\set remote 'TIMESTAMP'
CREATE TEMP TABLE expected (id int, v :type);
INSERT INTO expected VALUES
    (1, '1970-01-01'),
    (2, '1969-12-31 23:59:59.999999'),
    (3, '2000-01-01 00:00:00.000001'),
    (4, '4714-11-24 00:00:00 BC'),
    (5, '294246-12-31 23:59:59.999999'),
    (6, '2024-02-29 12:00:00.5'),
    (7, NULL);
\ir include/round_trip.psql
SELECT * FROM finish();
ROLLBACK;
