-- boolean: both values and NULL.
BEGIN;
SELECT plan(4);
\set type 'boolean'
\set remote 'BOOLEAN'
CREATE TEMP TABLE expected (id int, v :type);
INSERT INTO expected VALUES
    (1, true),
    (2, NULL),
    (3, false);
\ir include/round_trip.psql
SELECT * FROM finish();
ROLLBACK;
