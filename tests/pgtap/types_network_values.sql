-- Network addresses travel as their text.
BEGIN;
SELECT plan(4);
\set type 'inet'
\set remote 'TEXT'
CREATE TEMP TABLE expected (id int, v :type);
INSERT INTO expected VALUES
    (1, '10.0.0.1'),
    (2, '192.168.0.0/24'),
    (3, '::1'),
    (4, NULL);
\ir include/round_trip.psql
SELECT * FROM finish();
ROLLBACK;
