-- CREATE TABLE ... USING kalamdb WITH (type = 'stream'): no key needed, no _userid, the server's demands pass through.
BEGIN;
SELECT plan(5);
\ir include/remote.psql

CREATE SCHEMA pgtap_create_stream;
CREATE TABLE pgtap_create_stream.events (event_type TEXT, payload TEXT) USING kalamdb WITH (type = 'stream', ttl_seconds = 45);

SELECT is(pg_temp.remote_type('pgtap_create_stream', 'events'), 'stream', 'the remote table is a stream');
SELECT is(pg_temp.remote_columns('pgtap_create_stream', 'events'), E'event_type TEXT\npayload TEXT', 'without a key');
SELECT is(pg_temp.remote_options('pgtap_create_stream', 'events') ->> 'ttl_seconds', '45', 'a number is forwarded as an option');
SELECT is(pg_temp.local_columns('pgtap_create_stream.events'), E'event_type text\npayload text\n_seq bigint', 'the local table has _seq only');
SELECT throws_like('CREATE TABLE pgtap_create_stream.forever (a text) USING kalamdb WITH (type = ''stream'')',
                   '%STREAM tables must specify%TTL_SECONDS%', 'the server''s words pass through');

SELECT * FROM finish();
ROLLBACK;
