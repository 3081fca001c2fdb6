-- Enums travel as their labels.
BEGIN;
SELECT plan(4);
\set type 'types_mood'
\set remote 'TEXT'
CREATE TYPE types_mood AS ENUM ('sad', E'it''s "so" so', '☃');
CREATE TEMP TABLE expected (id int, v :type);
INSERT INTO expected VALUES
    (1, 'sad'),
    (2, E'it''s "so" so'),
    (3, '☃'),
    (4, NULL);
\ir include/round_trip.psql
SELECT * FROM finish();
ROLLBACK;
