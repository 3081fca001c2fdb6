-- A table of three hundred columns: projection, NULLs and updates of the right ones.
BEGIN;
SELECT plan(4);
CREATE SCHEMA types_wide_tables;
SET search_path = types_wide_tables, public;
DO $$ BEGIN
    EXECUTE (SELECT format('CREATE TABLE t (id bigint PRIMARY KEY, %s) USING kalamdb',
        string_agg(format('c%s %s', g, (ARRAY['int', 'text', 'timestamptz', 'numeric(10,2)', 'boolean'])[g % 5 + 1]), ', '))
        FROM generate_series(1, 300) g);
END $$;
INSERT INTO t (id, c300, c1, c298, c299) VALUES (1, 5, 'x', 9.75, true), (2, NULL, 'y', NULL, NULL);
SELECT results_eq('SELECT id, c300, c1, c298, c299, c2 FROM t ORDER BY id',
    $$VALUES (1::bigint, 5, 'x', 9.75::numeric, true, NULL::timestamptz), (2, NULL, 'y', NULL, NULL, NULL)$$, 'columns of both ends');
UPDATE t SET c150 = 7 WHERE id = 1;
SELECT results_eq('SELECT c150, c1 FROM t ORDER BY id', $$VALUES (7, 'x'), (NULL, 'y')$$, 'one column changed');
SELECT is((SELECT count(w.*) FROM t w), 2::bigint, 'whole rows');
SELECT is((SELECT count(*) FROM jsonb_each((SELECT to_jsonb(w) FROM t w WHERE id = 1)) WHERE value <> 'null'), 7::bigint, 'exactly the given values are there');
SELECT * FROM finish();
ROLLBACK;
