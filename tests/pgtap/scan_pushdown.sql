-- What is pushed is an allow-list, and pushed and unpushed conditions give the same rows.
BEGIN;
SELECT plan(36);
CREATE SCHEMA scan_pushdown;
SET search_path = scan_pushdown, public;
CREATE TYPE mood AS ENUM ('sad', 'glad');
CREATE TABLE t (id bigint PRIMARY KEY, s smallint, n int, flag boolean, title text, v varchar(20), c char(5), d double precision,
                m numeric(10, 2), u uuid, ts timestamp, by bytea, nm name, e mood) USING kalamdb WITH (type = 'shared');
INSERT INTO t VALUES
    (1, 1, 10, true, 'x', 'x', 'x', 1.5, 3.50, '00000000-0000-0000-0000-000000000001', '2024-01-01', '\x01'),
    (2, -32768, -2147483648, false, '', '', '', 0, 0, NULL, NULL, ''),
    (3, 32767, 2147483647, NULL, 'grün 🌱', 'ünï', 'a b', -0.0, -1, NULL, '2024-01-01 00:00:00.000001', NULL),
    (4, NULL, NULL, true, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
    (-9223372036854775808, 0, 0, false, 'X', 'x ', 'x ', 2, 9.99, NULL, NULL, NULL);

CREATE FUNCTION pushed(condition text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE line text; found text;
BEGIN
    FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) SELECT * FROM t WHERE ' || condition LOOP
        IF line ~ 'Remote (Lookup|Filter)' THEN found := concat_ws('; ', found, btrim(line)); END IF;
    END LOOP;
    RETURN found;
END $$;
-- The same rows whether the server sees the condition or an offset keeps it from it.
CREATE FUNCTION same(condition text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE a bigint[]; b bigint[];
BEGIN
    EXECUTE 'SELECT array_agg(id ORDER BY id) FROM t WHERE ' || condition INTO a;
    EXECUTE 'SELECT array_agg(id ORDER BY id) FROM (SELECT * FROM t OFFSET 0) t WHERE ' || condition INTO b;
    RETURN a IS NOT DISTINCT FROM b;
END $$;

SELECT is(pushed('id = 5'), $$Remote Lookup: id = 5$$, 'the key is looked up');
SELECT is(pushed('n = 5'), 'Remote Filter: n = 5', 'an integer');
SELECT is(pushed('n = 5000000000'), $$Remote Filter: n = '5000000000'::bigint$$, 'an integer of another width');
SELECT is(pushed('flag'), 'Remote Filter: flag = true', 'a boolean');
SELECT is(pushed('NOT flag'), 'Remote Filter: flag = false', 'a negated boolean');
SELECT is(pushed($$title = 'x'$$), $$Remote Filter: title = 'x'::text$$, 'text');
SELECT is(pushed($$v = 'x'$$), $$Remote Filter: v = 'x'::text$$, 'varchar');
SELECT is(pushed($$nm = 'x'$$), $$Remote Filter: nm = 'x'::name$$, 'name');
SELECT is(pushed($$nm = 'x'::text$$), NULL, 'not name as text: longer texts are no names');
SELECT is(pushed($$e = 'sad'$$), $$Remote Filter: e = 'sad'::mood$$, 'an enum');
SELECT is(pushed($$c = 'x'$$), NULL, 'not char(n): its blanks do not count here');
SELECT is(pushed('d = 1.5'), NULL, 'not floating point');
SELECT is(pushed('m = 3.5'), NULL, 'not numeric');
SELECT is(pushed($$u = '00000000-0000-0000-0000-000000000001'$$), NULL, 'not uuid');
SELECT is(pushed($$ts = '2024-01-01'$$), NULL, 'not timestamps');
SELECT is(pushed('n > 5'), NULL, 'not ranges');
SELECT is(pushed('n = n'), NULL, 'not what depends on the row');
SELECT is(pushed('n = (random() * 10)::int'), NULL, 'not volatile values');
SELECT is(pushed($$id = 1 AND title = 'x'$$), $$Remote Lookup: id = 1$$, 'a key alone where there is more');

SELECT ok(same(condition), condition) FROM (VALUES
    ('n = 10'), ('n = 5000000000'), ('n = NULL'), ('n = -2147483648'), ('s = 32767'), ('s = 32768'), ('flag'), ('NOT flag'),
    ('flag IS NULL'), ($$title = ''$$), ($$title = 'grün 🌱'$$), ($$title = 'x' AND flag$$), ($$v = 'x'$$), ($$c = 'x'$$),
    ('d = 0'), ('m = 3.5'), ('id = -9223372036854775808')) AS v(condition);
SELECT * FROM finish();
ROLLBACK;
