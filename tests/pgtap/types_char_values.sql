-- char(n): padded again when it comes back; full, empty and NULL.
BEGIN;
SELECT plan(5);
\set type 'char(5)'
\set remote 'TEXT'
CREATE TEMP TABLE expected (id int, v :type);
INSERT INTO expected VALUES
    (1, ''),
    (2, 'ab'),
    (3, '12345'),
    (4, repeat('☃', 5)),
    (5, 'a b'),
    (6, NULL);
\ir include/round_trip.psql
UPDATE round_trip.t SET v = e.v FROM expected e WHERE e.id = t.id;
SELECT results_eq('SELECT id, octet_length(v) FROM round_trip.t ORDER BY id',
    'SELECT id, octet_length(v) FROM expected ORDER BY id', 'char(5): the padding is the same');
SELECT * FROM finish();
ROLLBACK;
