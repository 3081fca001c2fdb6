-- timestamptz: instants, whatever the session's time zone.
BEGIN;
SELECT plan(5);
\set type 'timestamptz'
\set remote 'DATETIME'
CREATE TEMP TABLE expected (id int, v :type);
INSERT INTO expected VALUES
    (1, '1970-01-01 00:00:00+00'),
    (2, '2024-03-31 02:30:00.123456+01'),
    (3, '1969-12-31 23:59:59.999999+00'),
    (4, '4714-11-24 00:00:00+00 BC'),
    (5, '294246-12-31 23:59:59.999999+00'),
    (6, NULL);
\ir include/round_trip.psql
UPDATE round_trip.t SET v = '2024-07-01 12:00:00+00';
SET LOCAL timezone = 'Asia/Kolkata';
SELECT is((SELECT v::text FROM round_trip.t WHERE id = 1), '2024-07-01 17:30:00+05:30',
    'timestamptz: shown in the time zone of the session');
SELECT * FROM finish();
ROLLBACK;
