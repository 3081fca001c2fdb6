-- Every object of the extension says what it is.
BEGIN;
SELECT plan(1);
SELECT is_empty($$
    SELECT pg_describe_object(classid, objid, 0) FROM pg_depend
    WHERE refclassid = 'pg_extension'::regclass
      AND refobjid = (SELECT oid FROM pg_extension WHERE extname = 'pg_kalam') AND deptype = 'e'
      AND classid IN ('pg_proc'::regclass, 'pg_class'::regclass, 'pg_foreign_data_wrapper'::regclass)
      AND obj_description(objid, classid::regclass::name) IS NULL$$, 'functions, views and the wrapper have comments');
SELECT * FROM finish();
ROLLBACK;
