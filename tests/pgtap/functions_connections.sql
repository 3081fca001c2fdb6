-- kalam_connections: the sessions on servers, and who sees their ids.
BEGIN;
SELECT plan(4);
\ir include/as_role.psql
\ir include/server.psql
SELECT kalam_exec('SELECT 1 AS a');
SELECT ok((SELECT count(*) > 0 FROM kalam_connections WHERE endpoint = :'host' || ':' || :'port'), 'a session is open');
SELECT ok((SELECT bool_and(session_id LIKE 'pg-%') FROM kalam_connections), 'superusers see ids');
CREATE ROLE connections_reader;
SELECT is(pg_temp.ask_as('connections_reader', 'SELECT count(session_id) FROM kalam_connections'), '0', 'others do not');
GRANT pg_read_all_stats TO connections_reader;
SELECT isnt(pg_temp.ask_as('connections_reader', 'SELECT count(session_id) FROM kalam_connections'), '0', 'monitors do');
SELECT * FROM finish();
ROLLBACK;
