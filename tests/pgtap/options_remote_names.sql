-- Names that KalamDB cannot take are refused before it sees them.
BEGIN;
SELECT plan(24);
SET LOCAL kalam.mirror_ddl = off;
SELECT throws_ok(
    format('CREATE FOREIGN TABLE pg_temp.t (id bigint) SERVER kalam_server OPTIONS ("table" %L)', name), '42602',
    format('KalamDB cannot take the table name "%s"', name), format('table %L', name))
FROM (VALUES (''), ('_t'), ('1t'), ('a b'), ('a-b'), ('a.b'), ('..'), ('a/b'), (E'a\\b'), ('Items'), ('ä'), ('order'),
             ('format'), ('interval'), ('my_auto_increment'), ('table'), (repeat('x', 65))) AS wrong (name);
SELECT throws_ok(
    format('CREATE FOREIGN TABLE pg_temp.t (id bigint) SERVER kalam_server OPTIONS (namespace %L)', name), '42602',
    format('KalamDB cannot take the namespace name "%s"', name), format('namespace %L', name))
FROM (VALUES ('system'), ('pg_catalog'), ('admin')) AS wrong (name);
SELECT lives_ok(
    format('CREATE FOREIGN TABLE pg_temp.%I (id bigint) SERVER kalam_server OPTIONS ("table" %L)', name, name),
    format('table %L', name))
FROM (VALUES ('t1'), ('a_b'), ('name')) AS fine (name);
SELECT lives_ok($$CREATE FOREIGN TABLE pg_temp.d (id bigint) SERVER kalam_server OPTIONS (namespace 'default')$$,
    'namespace default');
SELECT * FROM finish();
ROLLBACK;
