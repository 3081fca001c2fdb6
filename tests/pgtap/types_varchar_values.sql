-- varchar(n): empty, full length in characters of several bytes, and NULL.
BEGIN;
SELECT plan(4);
\set type 'varchar(5)'
\set remote 'TEXT'
CREATE TEMP TABLE expected (id int, v :type);
INSERT INTO expected VALUES
    (1, ''),
    (2, '12345'),
    (3, repeat('☃', 5)),
    (4, 'a  '),
    (5, NULL);
\ir include/round_trip.psql
SELECT * FROM finish();
ROLLBACK;
