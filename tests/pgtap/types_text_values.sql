-- text: empty, escapes, control characters, every plane of Unicode, long, and NULL.
BEGIN;
SELECT plan(4);
\set type 'text'
\set remote 'TEXT'
CREATE TEMP TABLE expected (id int, v :type);
INSERT INTO expected VALUES
    (1, ''),
    (2, 'plain'),
    (3, 'héllo ☃ 😀 ß'),
    (4, E'"quoted" \\ back\nline\ttab\r'),
    (5, E'\x01\x1f\x7f'),
    (6, '  blanks  '),
    (7, 'null'),
    (8, '"Null"'),
    (9, NULL),
    (10, repeat('long é', 20000)),
    (11, U&'\2028\FEFF\FFFF');
\ir include/round_trip.psql
SELECT * FROM finish();
ROLLBACK;
