-- name: up to 63 bytes, empty and NULL.
BEGIN;
SELECT plan(4);
\set type 'name'
\set remote 'TEXT'
CREATE TEMP TABLE expected (id int, v :type);
INSERT INTO expected VALUES
    (1, ''),
    (2, 'pg_class'),
    (3, repeat('é', 31)),
    (4, repeat('x', 63)),
    (5, NULL);
\ir include/round_trip.psql
SELECT * FROM finish();
ROLLBACK;
