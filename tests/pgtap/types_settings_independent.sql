-- What travels as text reads back as the same value, whatever the session's formats are when it is written and read.
BEGIN;
SELECT plan(2);
CREATE SCHEMA types_settings;
CREATE TABLE types_settings.t (id int PRIMARY KEY, d date[], i interval, f float8[], r regclass, tr tstzrange)
    USING kalamdb WITH (type = 'shared');
CREATE TEMP TABLE expected AS
SELECT 1 AS id, ARRAY['2024-02-01', '0044-03-15 BC']::date[] AS d, '-1 year +2 days -03:04:05'::interval AS i,
    ARRAY[0.1, 1e300, 'NaN']::float8[] AS f, 'types_settings.t'::regclass AS r,
    '[2024-02-01 00:00+00,infinity)'::tstzrange AS tr;
SET LOCAL datestyle = 'German, DMY';
SET LOCAL intervalstyle = 'sql_standard';
SET LOCAL extra_float_digits = -10;
SET LOCAL timezone = 'Asia/Kolkata';
SET LOCAL search_path = types_settings, public;
INSERT INTO t SELECT * FROM expected;
SELECT is((SELECT ROW(t.d, t.i, t.f, t.r, t.tr) FROM t), (SELECT ROW(d, i, f, r, tr) FROM pg_temp.expected),
    'read under the settings it was written under');
SET LOCAL datestyle = 'SQL, MDY';
SET LOCAL intervalstyle = 'iso_8601';
SET LOCAL extra_float_digits = 1;
SET LOCAL timezone = 'America/New_York';
SET LOCAL search_path = public;
SELECT is((SELECT ROW(t.d, t.i, t.f, t.r, t.tr) FROM types_settings.t), (SELECT ROW(d, i, f, r, tr) FROM pg_temp.expected),
    'read under other settings');
SELECT * FROM finish();
ROLLBACK;
