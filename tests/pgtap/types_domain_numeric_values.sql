-- A domain that brings the precision.
BEGIN;
SELECT plan(4);
\set type 'types_price'
\set remote 'DECIMAL(12, 2)'
CREATE DOMAIN types_price AS numeric(12,2);
CREATE TEMP TABLE expected (id int, v :type);
INSERT INTO expected VALUES
    (1, 1.5),
    (2, 9999999999.99),
    (3, NULL);
\ir include/round_trip.psql
SELECT * FROM finish();
ROLLBACK;
