-- uuid: nil, all ones, any spelling, and NULL.
BEGIN;
SELECT plan(4);
\set type 'uuid'
\set remote 'UUID'
CREATE TEMP TABLE expected (id int, v :type);
INSERT INTO expected VALUES
    (1, '00000000-0000-0000-0000-000000000000'),
    (2, 'ffffffff-ffff-ffff-ffff-ffffffffffff'),
    (3, '{A0EEBC99-9C0B4EF8-BB6D6BB9-BD380A11}'),
    (4, NULL);
\ir include/round_trip.psql
SELECT * FROM finish();
ROLLBACK;
