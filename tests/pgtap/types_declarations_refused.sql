-- Columns that KalamDB cannot have are refused before either side changes.
BEGIN;
SELECT plan(8);
CREATE SCHEMA types_refused;
SELECT throws_ok($$CREATE TABLE types_refused.t (id int PRIMARY KEY, v numeric) USING kalamdb WITH (type = 'shared')$$,
    '0A000', 'column "v" of type numeric needs a precision and a scale', 'numeric without precision');
SELECT throws_ok($$CREATE TABLE types_refused.t (id int PRIMARY KEY, v numeric(39,2)) USING kalamdb WITH (type = 'shared')$$,
    '0A000', 'column "v" of type numeric(39,2) has no counterpart in KalamDB', 'more than 38 digits');
SELECT throws_ok($$CREATE TABLE types_refused.t (id int PRIMARY KEY, v numeric(3,-1)) USING kalamdb WITH (type = 'shared')$$,
    '0A000', 'column "v" of type numeric(3,-1) has no counterpart in KalamDB', 'a negative scale');
SELECT throws_ok($$CREATE FOREIGN TABLE types_refused.t (id int OPTIONS (key 'true'), v int OPTIONS (kalam_type 'UUID'))
    SERVER kalam_server OPTIONS (table_type 'shared')$$,
    'HV024', 'column "v" of type integer cannot be kept as KalamDB type UUID', 'types that do not go together');
SELECT throws_ok($$CREATE FOREIGN TABLE types_refused.t (id int OPTIONS (key 'true'), v int OPTIONS (kalam_type 'NUMBER'))
    SERVER kalam_server OPTIONS (table_type 'shared')$$,
    'HV024', 'invalid kalam_type "NUMBER" of column "v"', 'a type that KalamDB does not have');
SELECT throws_ok($$CREATE TABLE types_refused.t (id timestamptz PRIMARY KEY) USING kalamdb WITH (type = 'shared')$$,
    '0A000', 'column "id" of type timestamp with time zone cannot be the primary key of a KalamDB table', 'a timestamp as key');
SELECT throws_ok($$CREATE TABLE types_refused.t (id jsonb PRIMARY KEY) USING kalamdb WITH (type = 'shared')$$,
    '0A000', 'column "id" of type jsonb cannot be the primary key of a KalamDB table', 'jsonb as key');
SELECT is(kalam_exec('SELECT table_name FROM system.tables WHERE namespace_id = ''types_refused'' LIMIT 10'), '[]',
    'the server has no such table');
SELECT * FROM finish();
ROLLBACK;
