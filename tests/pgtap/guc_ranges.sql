-- Values out of range, units, and names that do not exist.
BEGIN;
SELECT plan(9);
SELECT throws_ok('SET kalam.pipeline_window = 0', '22023', NULL, 'too few');
SELECT throws_ok('SET kalam.pipeline_window = 65', '22023', NULL, 'too many');
SELECT throws_ok('SET kalam.spin_limit = -1', '22023', NULL, 'no time below none');
SELECT throws_ok('SET kalam.spin_limit = 10001', '22023', NULL, 'nobody spins that long');
SELECT throws_ok('SET kalam.queue_length = 100', '55P02', NULL, 'not without a restart');
SELECT throws_ok('SET kalam.request_timeout = 100', '55P02', NULL, 'not in a session');
SELECT throws_ok('SET kalam.nope = 1', '42602', NULL, 'the prefix belongs to the extension');
SET LOCAL kalam.savepoint_journal_limit = '64MB';
SELECT is(current_setting('kalam.savepoint_journal_limit'), '64MB', 'sizes have units');
SET LOCAL kalam.worker_start_timeout = '2s';
SELECT is(current_setting('kalam.worker_start_timeout'), '2s', 'times have units');
SELECT * FROM finish();
ROLLBACK;
