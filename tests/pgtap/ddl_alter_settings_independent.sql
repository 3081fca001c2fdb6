-- ADD COLUMN: the default that existing rows get is the value that was meant, whatever the session's formats are.
BEGIN;
SELECT plan(2);
CREATE SCHEMA ddl_alter_settings;
CREATE TABLE ddl_alter_settings.t (id int PRIMARY KEY) USING kalamdb;
SELECT kalam_exec('INSERT INTO ddl_alter_settings.t (id) VALUES (1)');
SET LOCAL datestyle = 'SQL, DMY';
SET LOCAL intervalstyle = 'sql_standard';
SET LOCAL extra_float_digits = -10;
SET LOCAL timezone = 'Asia/Kolkata';
SET LOCAL search_path = ddl_alter_settings, public;
ALTER TABLE t ADD COLUMN r daterange DEFAULT '[2024-02-01,2024-03-05)', ADD COLUMN at timestamptz[] DEFAULT '{2024-02-01 10:00+00}',
    ADD COLUMN f float8 DEFAULT 0.12345678901234567, ADD COLUMN i interval DEFAULT '-1 year +2 days', ADD COLUMN c regclass DEFAULT 't';
SELECT is(current_setting('datestyle') || ' ' || current_setting('extra_float_digits'), 'SQL, DMY -10', 'the settings stay');
SET LOCAL datestyle = 'ISO, MDY';
SET LOCAL intervalstyle = 'postgres';
SET LOCAL extra_float_digits = 1;
SET LOCAL timezone = 'UTC';
SET LOCAL search_path = public;
SELECT is((SELECT ROW(r, at, f, i, c)::text FROM ddl_alter_settings.t),
          ROW('[2024-02-01,2024-03-05)'::daterange, '{2024-02-01 10:00+00}'::timestamptz[], 0.12345678901234567::float8,
              '-1 year +2 days'::interval, 'ddl_alter_settings.t'::regclass)::text, 'read under other settings');
SELECT * FROM finish();
ROLLBACK;
