-- ANALYZE of user and stream tables counts a user's rows and takes none of their values, which everybody could see in pg_stats.
BEGIN;
SELECT plan(6);
CREATE SCHEMA scan_analyze_user;
SET search_path = scan_analyze_user, public;
SET LOCAL kalam.user_id = 'alice';
CREATE TABLE notes (id bigint PRIMARY KEY, body text) USING kalamdb WITH (type = 'user');
INSERT INTO notes SELECT g, 'secret' FROM generate_series(1, 20) g;
ANALYZE notes;
SELECT is((SELECT reltuples FROM pg_class WHERE oid = 'notes'::regclass), 20::real, 'the number of a user''s rows');
SELECT is_empty($$SELECT FROM pg_stats WHERE schemaname = 'scan_analyze_user' AND tablename = 'notes'$$, 'and none of their values');
CREATE TABLE events (id bigint, body text) USING kalamdb WITH (type = 'stream', ttl_seconds = 600);
SET LOCAL client_min_messages = error;
SELECT lives_ok('ANALYZE events', 'a stream');
SELECT is_empty($$SELECT FROM pg_stats WHERE schemaname = 'scan_analyze_user' AND tablename = 'events'$$, 'tells none either');

-- It asks as the owner, from the first question on.
CREATE ROLE scan_analyze_user_owner;
CREATE USER MAPPING FOR scan_analyze_user_owner SERVER kalam_server OPTIONS (user_id 'alice');
ALTER FOREIGN TABLE notes OWNER TO scan_analyze_user_owner;
SET LOCAL kalam.user_id = 'bob';
UPDATE pg_class SET reltuples = -1 WHERE oid = 'notes'::regclass;
ANALYZE notes;
SELECT is((SELECT reltuples FROM pg_class WHERE oid = 'notes'::regclass), 20::real, 'the owner''s rows, whoever runs it');
SET LOCAL kalam.user_id = '';
UPDATE pg_class SET reltuples = -1 WHERE oid = 'notes'::regclass;
ANALYZE notes;
SELECT is((SELECT reltuples FROM pg_class WHERE oid = 'notes'::regclass), 20::real, 'who need not be a user himself');
SELECT * FROM finish();
ROLLBACK;
