-- Every type that can be a key: rows are found, changed and removed by it, with the extremes and awkward texts.
BEGIN;
CREATE SCHEMA types_keys;
CREATE TYPE types_keys.mood AS ENUM ('sad', 'it''s "so"');
SELECT plan(46);

-- Makes a table keyed by `key_type`, and tells for each key whether it is found, changed and removed by it.
CREATE FUNCTION pg_temp.key_works(key_type text, key_value text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    table_name text := 'types_keys.by_' || regexp_replace(key_type, '[^a-z0-9]', '', 'g');
    n bigint;
BEGIN
    IF to_regclass(table_name) IS NULL THEN
        EXECUTE format('CREATE TABLE %s (id %s PRIMARY KEY, v int) USING kalamdb WITH (type = ''shared'')', table_name, key_type);
    END IF;
    EXECUTE format('INSERT INTO %s (id, v) VALUES (%L, 1)', table_name, key_value);
    EXECUTE format('SELECT count(*) FROM %s WHERE id = %L AND v = 1', table_name, key_value) INTO n;
    RETURN NEXT is(n, 1::bigint, key_type || ' ' || left(key_value, 20) || ': found');
    EXECUTE format('UPDATE %s SET v = 2 WHERE id = %L', table_name, key_value);
    EXECUTE format('SELECT count(*) FROM %s WHERE v = 2', table_name) INTO n;
    RETURN NEXT is(n, 1::bigint, key_type || ' ' || left(key_value, 20) || ': changed');
    EXECUTE format('DELETE FROM %s WHERE id = %L', table_name, key_value);
    EXECUTE format('SELECT count(*) FROM %s', table_name) INTO n;
    RETURN NEXT is(n, 0::bigint, key_type || ' ' || left(key_value, 20) || ': removed');
END $$;

SELECT pg_temp.key_works(key_type, key_value) FROM (VALUES
    ('smallint', '-32768'), ('integer', '2147483647'), ('bigint', '-9223372036854775808'), ('bigint', '9223372036854775807'),
    ('boolean', 'true'), ('double precision', '0.1'), ('double precision', '1e22'), ('double precision', '1.2345678901234567e-30'),
    ('text', E'h\u00e9 "q" \\ \u2603'), ('text', ''), ('varchar(10)', 'abc'), ('char(5)', 'ab'),
    ('types_keys.mood', 'it''s "so"'), ('uuid', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'), ('name', 'x')) AS keys (key_type, key_value);

SELECT is(kalam_exec('SELECT data_type FROM system.columns WHERE namespace_id = ''types_keys'' AND table_name = ''by_uuid'''
                     ' AND column_name = ''id'' LIMIT 1')::jsonb -> 0 ->> 'data_type', 'TEXT', 'a uuid key is TEXT on the server');
SELECT * FROM finish();
ROLLBACK;
