-- COMMENT ON TABLE and COLUMN of a KalamDB table are local.
BEGIN;
SELECT plan(3);

CREATE SCHEMA pgtap_comment;
CREATE TABLE pgtap_comment.t (id bigint PRIMARY KEY) USING kalamdb;
COMMENT ON TABLE pgtap_comment.t IS 'a table';
COMMENT ON COLUMN pgtap_comment.t.id IS 'its key';
SELECT is(obj_description('pgtap_comment.t'::regclass, 'pg_class'), 'a table', 'ON TABLE');
SELECT is(col_description('pgtap_comment.t'::regclass, 1), 'its key', 'ON COLUMN');
CREATE VIEW pgtap_comment.v AS SELECT 1 AS id;
SELECT throws_ok('COMMENT ON TABLE pgtap_comment.v IS ''x''', '42809', NULL, 'other relations are judged as ever');

SELECT * FROM finish();
ROLLBACK;
