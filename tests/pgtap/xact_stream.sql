-- Streams take no part in transactions, as the server has it: inside one, an insert is refused, and says what to do.
BEGIN;
SELECT plan(5);
CREATE SCHEMA xact_stream;
SET search_path = xact_stream, public;
SET LOCAL kalam.user_id = 'alice';
CREATE TABLE events (kind text, body text) USING kalamdb WITH (type = 'stream', ttl_seconds = 60);
SELECT throws_ok($$INSERT INTO events VALUES ('a', 'b')$$, '0A000', NULL, 'an insert in a block');
SELECT throws_ok($$UPDATE events SET body = 'x'$$, NULL, NULL, 'updates are for tables with keys');
SELECT throws_ok('DELETE FROM events', NULL, NULL, 'deletes too');
SELECT is_empty('SELECT * FROM events', 'reads work, and nothing was stored');
SET LOCAL kalam.user_id = '';
SELECT throws_like('SELECT * FROM events', '%kalam.user_id%', 'whose events, is asked for');
SELECT * FROM finish();
ROLLBACK;
