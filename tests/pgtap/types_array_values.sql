-- Arrays travel as their text, with bounds, dimensions and NULLs.
BEGIN;
SELECT plan(4);
\set type 'text[]'
\set remote 'TEXT'
CREATE TEMP TABLE expected (id int, v :type);
INSERT INTO expected VALUES
    (1, '{}'),
    (2, ARRAY['a', NULL, '', 'null', 'x"y\z', '☃']),
    (3, '[2:3]={a,b}'),
    (4, '{{a,b},{c,d}}'),
    (5, NULL);
\ir include/round_trip.psql
SELECT * FROM finish();
ROLLBACK;
