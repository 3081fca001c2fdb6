-- bytea: every byte, empty, long and NULL.
BEGIN;
SELECT plan(4);
\set type 'bytea'
\set remote 'BYTES'
CREATE TEMP TABLE expected (id int, v :type);
INSERT INTO expected VALUES
    (1, ''),
    (2, '\x00'),
    (3, '\x00ff7f80225c'),
    (4, (SELECT decode(string_agg(lpad(to_hex(b), 2, '0'), '' ORDER BY b), 'hex') FROM generate_series(0, 255) b)),
    (5, NULL),
    (6, decode(repeat('00ff', 50000), 'hex'));
\ir include/round_trip.psql
SELECT * FROM finish();
ROLLBACK;
