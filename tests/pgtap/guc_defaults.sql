-- Every setting: its default, unit, range and level, as the manual says.
BEGIN;
SELECT plan(2);
CREATE TEMP TABLE manual (name text, boot_val text, unit text, min_val text, max_val text, context text);
INSERT INTO manual VALUES
    ('kalam.answer_pool_size', '32768', 'kB', '8192', '262144', 'postmaster'),
    ('kalam.bulk_load', 'off', NULL, NULL, NULL, 'user'),
    ('kalam.carrier_idle_time', '60000', 'ms', '1000', '1800000', 'sighup'),
    ('kalam.connect_timeout', '5000', 'ms', '100', '600000', 'sighup'),
    ('kalam.flush_capped_scans', 'off', NULL, NULL, NULL, 'user'),
    ('kalam.group_inserts', 'on', NULL, NULL, NULL, 'sighup'),
    ('kalam.group_max_bytes', '1048576', 'B', '1024', '4096000', 'sighup'),
    ('kalam.group_max_rows', '1000', NULL, '1', '100000', 'sighup'),
    ('kalam.hot_row_cap', '100000', NULL, '1', '2147483647', 'user'),
    ('kalam.keepalive_interval', '20000', 'ms', '0', '3600000', 'sighup'),
    ('kalam.max_message_size', '1073741824', 'B', '4194304', '2147483647', 'sighup'),
    ('kalam.mirror_ddl', 'on', NULL, NULL, NULL, 'user'),
    ('kalam.pipeline_window', '4', NULL, '1', '64', 'user'),
    ('kalam.queue_length', '1024', NULL, '16', '8192', 'postmaster'),
    ('kalam.quick_ack', 'on', NULL, NULL, NULL, 'sighup'),
    ('kalam.request_pool_size', '16384', 'kB', '8192', '262144', 'postmaster'),
    ('kalam.request_timeout', '60000', 'ms', '0', '86400000', 'sighup'),
    ('kalam.savepoint_journal_limit', '16384', 'kB', '0', '1048576', 'user'),
    ('kalam.session_warm_time', '60000', 'ms', '0', '1800000', 'sighup'),
    ('kalam.slots_per_backend', '4', NULL, '1', '16', 'postmaster'),
    ('kalam.spin_limit', '400', NULL, '0', '10000', 'user'),
    ('kalam.user_id', '', NULL, NULL, NULL, 'superuser'),
    ('kalam.worker_log_level', 'log', NULL, NULL, NULL, 'sighup'),
    ('kalam.worker_start_timeout', '5000', 'ms', '0', '600000', 'user');
SELECT results_eq(
    $$SELECT name, boot_val, unit, min_val, max_val, context FROM pg_settings WHERE name LIKE 'kalam.%' ORDER BY name$$,
    'SELECT name, boot_val, unit, min_val, max_val, context FROM manual ORDER BY name', 'all settings');
SELECT is_empty($$SELECT name FROM pg_settings WHERE name LIKE 'kalam.%' AND short_desc = ''$$, 'each is described');
SELECT * FROM finish();
ROLLBACK;
