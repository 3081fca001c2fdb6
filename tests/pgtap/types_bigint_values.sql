-- bigint: zero, the extremes, numbers that a double cannot hold, and NULL.
BEGIN;
SELECT plan(4);
\set type 'bigint'
\set remote 'BIGINT'
CREATE TEMP TABLE expected (id int, v :type);
INSERT INTO expected VALUES
    (1, 0),
    (2, -9223372036854775808),
    (3, 9223372036854775807),
    (4, NULL),
    (5, 9007199254740993),
    (6, -9007199254740993);
\ir include/round_trip.psql
SELECT * FROM finish();
ROLLBACK;
