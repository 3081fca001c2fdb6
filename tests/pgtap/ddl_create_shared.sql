-- CREATE TABLE ... USING kalamdb: a shared table as on the getting-started page, on both sides.
BEGIN;
SELECT plan(8);
\ir include/remote.psql

CREATE SCHEMA pgtap_create_shared;
CREATE TABLE pgtap_create_shared.shared_items (
    id BIGINT PRIMARY KEY DEFAULT SNOWFLAKE_ID(),
    title TEXT NOT NULL,
    value INTEGER,
    created_at TIMESTAMP DEFAULT NOW()
) USING kalamdb WITH (type = 'shared', flush_policy = 'rows:1000,interval:60');

SELECT is(pg_temp.remote_type('pgtap_create_shared', 'shared_items'), 'shared', 'the remote table is shared');
SELECT is(pg_temp.remote_columns('pgtap_create_shared', 'shared_items'),
          E'id BIGINT NOT NULL KEY DEFAULT SNOWFLAKE_ID()\ntitle TEXT NOT NULL\nvalue INT\ncreated_at TIMESTAMP DEFAULT NOW()',
          'its columns, key and defaults are as declared');
SELECT is(pg_temp.remote_options('pgtap_create_shared', 'shared_items') #>> '{flush_policy,row_limit}', '1000',
          'options are forwarded');
SELECT is(pg_temp.local_columns('pgtap_create_shared.shared_items'),
          E'id bigint NOT NULL (key=true)\ntitle text NOT NULL\nvalue integer\ncreated_at timestamp without time zone\n_seq bigint',
          'the local table has the columns, the key mark and _seq');
SELECT foreign_table_owner_is('pgtap_create_shared', 'shared_items', current_user, 'it is a foreign table of its creator');
SELECT is(ftoptions, '{table_type=shared,"flush_policy=rows:1000,interval:60",namespace=pgtap_create_shared,table=shared_items}'::text[],
          'its options say which remote table it stands for')
FROM pg_foreign_table WHERE ftrelid = 'pgtap_create_shared.shared_items'::regclass;

INSERT INTO pgtap_create_shared.shared_items (title) VALUES ('Alpha');
SELECT is(count(*), 1::bigint, 'a row can be stored') FROM pgtap_create_shared.shared_items;
SELECT ok(id > 0 AND created_at IS NOT NULL, 'and has its defaults') FROM pgtap_create_shared.shared_items;

SELECT * FROM finish();
ROLLBACK;
