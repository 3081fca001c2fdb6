-- jsonb: all kinds of values, numbers of many digits, and NULL.
BEGIN;
SELECT plan(4);
\set type 'jsonb'
\set remote 'JSON'
CREATE TEMP TABLE expected (id int, v :type);
INSERT INTO expected VALUES
    (1, '{"a": 1.50, "b": [1, null, true]}'),
    (2, 'null'),
    (3, '"\u00e9 ☃ \\ \" "'),
    (4, '12345678901234567890.123456789'),
    (5, '{}'),
    (6, '[]'),
    (7, NULL);
\ir include/round_trip.psql
SELECT * FROM finish();
ROLLBACK;
