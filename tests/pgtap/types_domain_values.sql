-- A domain follows its base type.
BEGIN;
SELECT plan(4);
\set type 'types_positive'
\set remote 'INT'
CREATE DOMAIN types_positive AS int CHECK (value > 0);
CREATE TEMP TABLE expected (id int, v :type);
INSERT INTO expected VALUES
    (1, 1),
    (2, 2147483647),
    (3, NULL);
\ir include/round_trip.psql
SELECT * FROM finish();
ROLLBACK;
