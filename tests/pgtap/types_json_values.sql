-- json: the text is kept as it was written, blanks and duplicate keys included.
BEGIN;
SELECT plan(4);
\set type 'json'
\set remote 'JSON'
CREATE TEMP TABLE expected (id int, v :type);
INSERT INTO expected VALUES
    (1, '{"a": 1.50, "a":2}'),
    (2, ' [1 , 2] '),
    (3, 'null'),
    (4, '"\u00e9\u2603 ☃"'),
    (5, '[]'),
    (6, NULL),
    (7, '{"deep": {"er": [true, false, null]}}');
\ir include/round_trip.psql
SELECT * FROM finish();
ROLLBACK;
