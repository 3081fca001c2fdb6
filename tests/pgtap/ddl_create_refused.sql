-- What a KalamDB table cannot be is refused before anything exists on either side.
BEGIN;
SELECT plan(26);
\ir include/remote.psql

CREATE SCHEMA pgtap_refused;
CREATE TABLE pgtap_refused.plain (id int PRIMARY KEY);

CREATE FUNCTION pg_temp.refused(definition text, code text, message text) RETURNS text LANGUAGE sql AS $$
    SELECT throws_like('CREATE TABLE pgtap_refused.t ' || definition, message, definition)
$$;

SELECT pg_temp.refused('(id bigint PRIMARY KEY, _seq bigint) USING kalamdb', '42P16', '%"_seq" is reserved%');
SELECT pg_temp.refused('(id bigint PRIMARY KEY, _userid text) USING kalamdb', '42P16', '%"_userid" is reserved%');
SELECT pg_temp.refused('(id bigint PRIMARY KEY, _deleted boolean) USING kalamdb', '42P16', '%"_deleted" is reserved%');
SELECT pg_temp.refused('(a int, b int, PRIMARY KEY (a, b)) USING kalamdb', '0A000', '%composite primary keys%');
SELECT pg_temp.refused('(a int PRIMARY KEY, b int PRIMARY KEY) USING kalamdb', '42P16', '%one key column%');
SELECT pg_temp.refused('(id int PRIMARY KEY, a int UNIQUE) USING kalamdb', '0A000', 'UNIQUE constraints are not supported%');
SELECT pg_temp.refused('(id int PRIMARY KEY, a int, UNIQUE (a)) USING kalamdb', '0A000', 'UNIQUE constraints are not supported%');
SELECT pg_temp.refused('(id int PRIMARY KEY, a int REFERENCES pgtap_refused.plain) USING kalamdb', '0A000', 'FOREIGN KEY constraints are not supported%');
SELECT pg_temp.refused('(id int PRIMARY KEY, EXCLUDE USING btree (id WITH =)) USING kalamdb', '0A000', 'EXCLUDE constraints are not supported%');
SELECT pg_temp.refused('(id int PRIMARY KEY) INHERITS (pgtap_refused.plain) USING kalamdb', '0A000', '%INHERITS%');
SELECT pg_temp.refused('(id int PRIMARY KEY) PARTITION BY RANGE (id) USING kalamdb', '0A000', '%cannot be partitioned%');
SELECT throws_ok('CREATE TEMP TABLE t (id int PRIMARY KEY) USING kalamdb', '0A000', 'KalamDB tables cannot be temporary', 'TEMP');
SELECT throws_ok('CREATE UNLOGGED TABLE pgtap_refused.t (id int PRIMARY KEY) USING kalamdb', '0A000', 'KalamDB tables cannot be unlogged', 'UNLOGGED');
SELECT pg_temp.refused('(id int PRIMARY KEY) USING kalamdb WITH (type = ''usr'')', '22023', '%usr%');
SELECT pg_temp.refused('(id int PRIMARY KEY) USING kalamdb WITH ("no name" = 1)', 'HV00D', 'invalid KalamDB table option name%');
SELECT pg_temp.refused('(id int PRIMARY KEY) USING kalamdb WITH (colour = ''red'')', NULL, '%Unknown table option%COLOUR%');
SELECT pg_temp.refused('(a text) USING kalamdb', '42P16', '%needs a key column%');
SELECT pg_temp.refused('(id int PRIMARY KEY, n numeric) USING kalamdb', '0A000', '%');
SELECT pg_temp.refused('(id date PRIMARY KEY) USING kalamdb', '0A000', '%');
SELECT pg_temp.refused('(id int PRIMARY KEY, "offset" int) USING kalamdb', '42602', 'KalamDB cannot take the column name "offset"');
SELECT pg_temp.refused('(id int PRIMARY KEY, "Camel" int) USING kalamdb', '42602', 'KalamDB cannot take the column name "Camel"');
SELECT throws_ok('CREATE TABLE pgtap_refused."a/b" (id int PRIMARY KEY) USING kalamdb', '42602', 'KalamDB cannot take the table name "a/b"', 'a name that ends the server');
SELECT pg_temp.refused('(id int PRIMARY KEY) USING kalamdb WITH (server = ''nowhere'')', '42704', 'server "nowhere" does not exist');
SELECT pg_temp.refused('(id int PRIMARY KEY) USING kalamdb WITH (namespace = ''system'')', '42602', '%"system"%');

SELECT hasnt_foreign_table('pgtap_refused', 't', 'nothing is left locally');
SELECT is(pg_temp.remote_tables('pgtap_refused'), NULL, 'and nothing remotely');

SELECT * FROM finish();
ROLLBACK;
