-- Ranges travel as their text.
BEGIN;
SELECT plan(4);
\set type 'tstzrange'
\set remote 'TEXT'
CREATE TEMP TABLE expected (id int, v :type);
INSERT INTO expected VALUES
    (1, 'empty'),
    (2, '[2024-01-01 00:00+00,2024-06-01 12:00:00.5+02)'),
    (3, '(,)'),
    (4, '[2024-01-01 00:00+00,infinity)'),
    (5, NULL);
\ir include/round_trip.psql
SELECT * FROM finish();
ROLLBACK;
