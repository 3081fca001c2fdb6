-- numeric of few digits, and one without a fraction.
BEGIN;
SELECT plan(4);
\set type 'numeric(4,2)'
\set remote 'DECIMAL(4, 2)'
CREATE TEMP TABLE expected (id int, v :type);
INSERT INTO expected VALUES
    (1, 0),
    (2, 99.99),
    (3, -99.99),
    (4, 0.01),
    (5, -0.01),
    (6, 1),
    (7, NULL);
\ir include/round_trip.psql
SELECT * FROM finish();
ROLLBACK;
