-- kalam_wait_until_ready: true at once when the worker is there; its range.
BEGIN;
SELECT plan(4);
SELECT ok(kalam_wait_until_ready(), 'the default time');
SELECT ok(kalam_wait_until_ready(0), 'no time at all');
SELECT throws_ok('SELECT kalam_wait_until_ready(-1)', '22023', NULL, 'not before now');
SELECT throws_ok('SELECT kalam_wait_until_ready(1e9)', '22023', NULL, 'not for ever');
SELECT * FROM finish();
ROLLBACK;
