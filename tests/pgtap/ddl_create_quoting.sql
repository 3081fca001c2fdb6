-- Nothing reads the statement's text: comments, E'' and dollar-quoted strings, quoted identifiers, keywords inside literals.
BEGIN;
SELECT plan(3);
\ir include/remote.psql

CREATE /* don't */ SCHEMA "pgtap_quoting";
CREATE /* ( */ TABLE -- it's a comment with a parenthesis (
    "pgtap_quoting"."t1" ( /* a, b ) */
    "id" bigint PRIMARY /* ' */ KEY, -- PRIMARY KEY (
    "a" text DEFAULT E'line\n''quoted''' NOT NULL,
    "b" text DEFAULT $x$WITH (type = 'user')$x$,
    "c" text DEFAULT 'PRIMARY KEY serial  two  blanks',
    "primary_ref" text
) USING kalamdb WITH (/* type = 'user' */ "type" = 'shared');

SELECT is(pg_temp.remote_columns('pgtap_quoting', 't1'),
          E'id BIGINT NOT NULL KEY\na TEXT NOT NULL DEFAULT String("line\\n''quoted''")\nb TEXT DEFAULT String("WITH (type = ''user'')")\n'
          'c TEXT DEFAULT String("PRIMARY KEY serial  two  blanks")\nprimary_ref TEXT', 'the parse tree says it all');
SELECT is(pg_temp.remote_type('pgtap_quoting', 't1'), 'shared', 'options in comments are no options');
DO $do$ BEGIN EXECUTE 'CREATE TABLE pgtap_quoting.t2 (id int PRIMARY KEY) USING kalamdb'; END $do$;
SELECT is(pg_temp.remote_columns('pgtap_quoting', 't2'), 'id INT NOT NULL KEY', 'EXECUTE in a DO block works as well');

SELECT * FROM finish();
ROLLBACK;
