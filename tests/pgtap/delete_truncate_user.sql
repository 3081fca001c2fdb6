-- TRUNCATE of a user table removes the current user's rows.
BEGIN;
SELECT plan(3);
CREATE SCHEMA delete_truncate_user;
SET search_path = delete_truncate_user, public;
SET LOCAL kalam.user_id = 'bob';
CREATE TABLE u (id bigint PRIMARY KEY) USING kalamdb WITH (type = 'user');
INSERT INTO u VALUES (1);
SET LOCAL kalam.user_id = 'alice';
INSERT INTO u VALUES (1), (2);
SELECT lives_ok('TRUNCATE u', 'TRUNCATE of a user table');
SELECT is_empty('SELECT * FROM u', 'removes the user''s rows');
SELECT is((SELECT count(*) FROM u WHERE _userid = 'bob'), 1::bigint, 'and no others');
SELECT * FROM finish();
ROLLBACK;
