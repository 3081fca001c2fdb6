-- kalam_exec of anything that returns no rows: a JSON string with the server's message.
BEGIN;
SELECT plan(6);
SELECT kalam_exec('DROP NAMESPACE IF EXISTS exec_command');
SELECT is(kalam_exec('CREATE NAMESPACE exec_command')::jsonb #>> '{}', 'Namespace ''exec_command'' created successfully',
    'a namespace');
SELECT matches(kalam_exec('CREATE SHARED TABLE exec_command.t (id BIGINT PRIMARY KEY, v TEXT)')::jsonb #>> '{}',
    'exec_command.t created successfully$', 'a table');
SELECT is(kalam_exec('INSERT INTO exec_command.t (id, v) VALUES (1, ''a''), (2, ''b'')')::jsonb #>> '{}',
    'OK (affected: 2)', 'rows');
SELECT is(kalam_exec('-- why
    UPDATE exec_command.t SET v = ''c'' WHERE id = 1')::jsonb #>> '{}', 'OK (affected: 1)', 'a comment before it');
SELECT is(kalam_exec('DELETE FROM exec_command.t WHERE id = 1')::jsonb #>> '{}', 'OK (affected: 1)', 'fewer rows');
SELECT is(kalam_exec('DROP NAMESPACE exec_command')::jsonb #>> '{}', 'Namespace ''exec_command'' dropped successfully',
    'all of it');
SELECT * FROM finish();
ROLLBACK;
