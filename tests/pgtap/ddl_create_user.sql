-- CREATE TABLE ... USING kalamdb WITH (type = 'user'): _userid is added locally, and is no remote column.
BEGIN;
SELECT plan(4);
\ir include/remote.psql

CREATE SCHEMA pgtap_create_user;
CREATE TABLE pgtap_create_user.profiles (id BIGINT PRIMARY KEY DEFAULT SNOWFLAKE_ID(), name TEXT, age INTEGER)
USING kalamdb WITH (type = 'user');

SELECT is(pg_temp.remote_type('pgtap_create_user', 'profiles'), 'user', 'the remote table is a user table');
SELECT is(pg_temp.remote_columns('pgtap_create_user', 'profiles'),
          E'id BIGINT NOT NULL KEY DEFAULT SNOWFLAKE_ID()\nname TEXT\nage INT', 'without _userid');
SELECT is(pg_temp.local_columns('pgtap_create_user.profiles'),
          E'id bigint NOT NULL (key=true)\nname text\nage integer\n_seq bigint\n_userid text', 'the local table has it');
SELECT lives_ok('CREATE TABLE pgtap_create_user.upper (id bigint PRIMARY KEY) USING kalamdb WITH (TYPE = ''USER'')',
                'the type is taken in any case');

SELECT * FROM finish();
ROLLBACK;
