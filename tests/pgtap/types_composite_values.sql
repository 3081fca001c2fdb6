-- Composite types travel as their text.
BEGIN;
SELECT plan(4);
\set type 'types_pair'
\set remote 'TEXT'
CREATE TYPE types_pair AS (n int, t text);
CREATE TEMP TABLE expected (id int, v :type);
INSERT INTO expected VALUES
    (1, ROW(1, 'a,b')::types_pair),
    (2, ROW(NULL, '"q"')::types_pair),
    (3, ROW(NULL, NULL)::types_pair),
    (4, NULL);
\ir include/round_trip.psql
SELECT * FROM finish();
ROLLBACK;
