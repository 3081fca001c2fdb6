-- kalam_status(): the worker and the shared memory.
BEGIN;
SELECT plan(9);
SELECT ok(kalam_wait_until_ready(10), 'the worker is there');
SELECT is((SELECT state FROM kalam_status()), 'ready', 'and says so');
SELECT ok((SELECT pid > 0 AND pid <> pg_backend_pid() FROM kalam_status()), 'a process of its own');
SELECT ok((SELECT epoch > 0 AND started_at <= now() FROM kalam_status()), 'when it started');
SELECT is((SELECT queue_limit FROM kalam_status()), current_setting('kalam.queue_length')::int, 'the queue''s length');
SELECT is((SELECT request_pages * 16384::bigint FROM kalam_status()),
    pg_size_bytes(current_setting('kalam.request_pool_size')), 'the request pool');
SELECT is((SELECT answer_pages * 16384::bigint FROM kalam_status()),
    pg_size_bytes(current_setting('kalam.answer_pool_size')), 'the answer pool');
SELECT ok((SELECT shared_memory_bytes > (request_pages + answer_pages) * 16384::bigint FROM kalam_status()), 'the total');
SELECT is((SELECT size FROM pg_shmem_allocations WHERE name = 'pg_kalam'), (SELECT shared_memory_bytes FROM kalam_status()),
    'PostgreSQL says the same');
SELECT * FROM finish();
ROLLBACK;
