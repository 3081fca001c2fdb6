-- WHERE _userid = ... with values that come late or cannot be a user's: routed, or no rows; the plan makes no difference.
BEGIN;
SELECT plan(8);
CREATE SCHEMA scan_user_routing;
SET search_path = scan_user_routing, public;
SET LOCAL kalam.user_id = 'alice';
CREATE TABLE t (id bigint PRIMARY KEY, n int) USING kalamdb WITH (type = 'user');
INSERT INTO t VALUES (1, 10);
SET LOCAL kalam.user_id = 'bob';
INSERT INTO t VALUES (1, 20);

PREPARE of(text) AS SELECT n FROM t WHERE _userid = $1;
SET LOCAL plan_cache_mode = force_generic_plan;
SELECT results_eq($$EXECUTE of('alice')$$, 'VALUES (10)', 'a parameter');
SELECT results_eq($$EXECUTE of('bob')$$, 'VALUES (20)', 'another value of it');
SELECT is_empty('EXECUTE of(NULL)', 'NULL is nobody');
SELECT is_empty(format('EXECUTE of(%L)', v), format('%s is nobody', to_json(v))) FROM (VALUES (''), ('../x'), (E'a\nb')) AS wrong(v);
SELECT results_eq($$SELECT v.u, (SELECT n FROM t WHERE _userid = v.u) FROM (VALUES ('alice'), ('bob'), ('../x')) AS v(u)$$,
                  $$VALUES ('alice', 10), ('bob', 20), ('../x', NULL)$$, 'a subquery for each of several users');
-- In a join the condition is judged row by row, so it selects among the session's own rows, however the join is done.
CREATE FUNCTION joined(setting text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE found text;
BEGIN
    EXECUTE format('SET LOCAL %I = off', setting);
    SELECT string_agg(u || n, ' ') INTO found FROM (VALUES ('alice'), ('bob')) AS v(u) JOIN t ON t._userid = v.u AND t.id = 1;
    EXECUTE format('SET LOCAL %I = on', setting);
    RETURN found;
END $$;
SELECT is(string_agg(DISTINCT joined(setting), ','), 'bob20', 'a join gives the same with every plan')
FROM (VALUES ('enable_hashjoin'), ('enable_nestloop'), ('enable_material')) AS settings(setting);
SELECT * FROM finish();
ROLLBACK;
