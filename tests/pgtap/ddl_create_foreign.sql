-- CREATE FOREIGN TABLE creates the remote table, under the names that its options give.
BEGIN;
SELECT plan(6);
\ir include/remote.psql

CREATE SCHEMA pgtap_foreign;
CREATE FOREIGN TABLE pgtap_foreign.local_name (
    code text OPTIONS (key 'true'), "Remarks" text OPTIONS (column_name 'remarks'), n int CHECK (n > 0)
) SERVER kalam_server OPTIONS (table_type 'user', namespace 'pgtap_foreign_remote', "table" 'remote_name');

SELECT is(pg_temp.remote_type('pgtap_foreign_remote', 'remote_name'), 'user', 'namespace, table and type are honoured');
SELECT is(pg_temp.remote_columns('pgtap_foreign_remote', 'remote_name'), E'code TEXT NOT NULL KEY\nremarks TEXT\nn INT', 'column_name and key too');
SELECT is(pg_temp.local_columns('pgtap_foreign.local_name'),
          E'code text NOT NULL (key=true)\nRemarks text (column_name=remarks)\nn integer\n_seq bigint\n_userid text', 'the local table is completed');
CREATE FOREIGN TABLE pgtap_foreign.plain (id bigint DEFAULT snowflake_id(), a text CHECK (a <> '')) SERVER kalam_server;
SELECT is(pg_temp.remote_columns('pgtap_foreign', 'plain'), E'id BIGINT NOT NULL KEY DEFAULT SNOWFLAKE_ID()\na TEXT', 'without options: a shared table of the same name, keyed by id');
SELECT is(count(*), 1::bigint, 'CHECK is a local declaration, as on all foreign tables') FROM pg_constraint WHERE conrelid = 'pgtap_foreign.plain'::regclass AND contype = 'c';
SELECT throws_ok('CREATE FOREIGN TABLE pgtap_foreign.declared (id bigint, _seq bigint) SERVER kalam_server', '42P16', NULL, 'system columns are not declared');

SELECT * FROM finish();
ROLLBACK;
