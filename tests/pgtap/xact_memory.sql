-- What a transaction keeps of its writes: nothing of statements that failed, and no more of the others than the journal's limit says.
BEGIN;
SELECT plan(4);
CREATE SCHEMA xact_memory;
SET search_path = xact_memory, public;
CREATE TABLE t (id bigint PRIMARY KEY, body text) USING kalamdb;
INSERT INTO t VALUES (1, 'x');
CREATE FUNCTION kept() RETURNS bigint LANGUAGE sql AS
    $$ SELECT total_bytes - free_bytes FROM pg_backend_memory_contexts WHERE name = 'TopTransactionContext' $$;
CREATE TABLE before_it AS SELECT kept();

CREATE FUNCTION fail(times int, rows_of_one int) RETURNS int LANGUAGE plpgsql AS $$
DECLARE caught int := 0;
BEGIN
    FOR i IN 1..times LOOP
        BEGIN
            INSERT INTO t SELECT CASE g WHEN rows_of_one THEN 1 ELSE 1000 + g END, repeat('x', 100000)
                FROM generate_series(1, rows_of_one) g;
        EXCEPTION WHEN unique_violation THEN caught := caught + 1;
        END;
    END LOOP;
    RETURN caught;
END $$;
SELECT is(fail(100, 1), 100, 'every insert of a known key fails');
SELECT is(fail(3, 45), 3, 'also in the second request of a statement');
SELECT cmp_ok(kept(), '<', (SELECT kept FROM before_it) + 1000000, 'nothing is kept of rows that came to nothing');

SET LOCAL kalam.savepoint_journal_limit = '128kB';
TRUNCATE before_it;
INSERT INTO before_it SELECT kept();
CREATE FUNCTION change(times int) RETURNS void LANGUAGE plpgsql AS
    $$ BEGIN FOR i IN 1..times LOOP UPDATE t SET body = 'y' WHERE id = 1; END LOOP; END $$;
SELECT change(600);
SELECT cmp_ok(kept(), '<', (SELECT kept FROM before_it) + 256 * 1024, 'the limit counts what the journal occupies');
SELECT * FROM finish();
ROLLBACK;
