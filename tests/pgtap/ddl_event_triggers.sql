-- Event triggers see the DDL of KalamDB tables, and what it does to the local definition on the way.
BEGIN;
SELECT plan(5);
\ir include/remote.psql

CREATE SCHEMA pgtap_event;
CREATE TABLE pgtap_event.log (tag text, object text);
CREATE FUNCTION pgtap_event.note() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO pgtap_event.log SELECT command_tag, object_identity FROM pg_event_trigger_ddl_commands();
END $$;
CREATE FUNCTION pgtap_event.note_drop() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO pgtap_event.log SELECT 'DROP', object_identity FROM pg_event_trigger_dropped_objects() WHERE object_type = 'foreign table';
END $$;
CREATE EVENT TRIGGER pgtap_note ON ddl_command_end EXECUTE FUNCTION pgtap_event.note();
CREATE EVENT TRIGGER pgtap_note_drop ON sql_drop EXECUTE FUNCTION pgtap_event.note_drop();

CREATE TABLE pgtap_event.t (id bigint, a text) USING kalamdb;
SELECT ok(EXISTS (SELECT 1 FROM pgtap_event.log WHERE tag = 'CREATE FOREIGN TABLE' AND object = 'pgtap_event.t'), 'CREATE TABLE ... USING');
ALTER TABLE pgtap_event.t DROP COLUMN a, ADD COLUMN b int;
ALTER TABLE pgtap_event.t ADD COLUMN a int;
SELECT ok(EXISTS (SELECT 1 FROM pgtap_event.log WHERE tag LIKE 'ALTER%TABLE' AND object = 'pgtap_event.t'), 'ALTER TABLE');
SELECT is(pg_temp.local_columns('pgtap_event.t'), E'id bigint NOT NULL\n_seq bigint\nb integer\na integer (column_name=a_2)', 'with its changes of the local definition');
ALTER TABLE pgtap_event.t RENAME COLUMN b TO c;
SELECT ok(pg_temp.local_columns('pgtap_event.t') LIKE '%c integer (column_name=b)%', 'RENAME');
DROP TABLE pgtap_event.t;
SELECT ok(EXISTS (SELECT 1 FROM pgtap_event.log WHERE tag = 'DROP' AND object = 'pgtap_event.t'), 'DROP TABLE');

SELECT * FROM finish();
ROLLBACK;
