-- smallint: zero, the extremes and NULL.
BEGIN;
SELECT plan(4);
\set type 'smallint'
\set remote 'SMALLINT'
CREATE TEMP TABLE expected (id int, v :type);
INSERT INTO expected VALUES
    (1, 0),
    (2, -32768),
    (3, 32767),
    (4, NULL),
    (5, -1);
\ir include/round_trip.psql
SELECT * FROM finish();
ROLLBACK;
