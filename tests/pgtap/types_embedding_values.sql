-- EMBEDDING(n): real[] where pgvector is absent, vector(n) where it is installed; every element comes back equal.
BEGIN;
SELECT plan(5);
CREATE SCHEMA types_embedding;
CREATE TABLE types_embedding.t (id int PRIMARY KEY, v EMBEDDING(3)) USING kalamdb WITH (type = 'shared');
SELECT is(
    kalam_exec('SELECT data_type FROM system.columns WHERE namespace_id = ''types_embedding'' AND table_name = ''t'''
               ' AND column_name = ''v'' LIMIT 1')::jsonb -> 0 ->> 'data_type',
    'EMBEDDING(3)', 'the server keeps an embedding');
SELECT format_type(atttypid, atttypmod) AS local_type, EXISTS (SELECT FROM pg_extension WHERE extname = 'vector') AS has_vector
FROM pg_attribute WHERE attrelid = 'types_embedding.t'::regclass AND attname = 'v' \gset
SELECT is(:'local_type', CASE WHEN :'has_vector' THEN 'vector(3)' ELSE 'real[]' END, 'the local type');

-- Both text forms differ in their brackets only.
CREATE TEMP TABLE expected AS
SELECT id, CAST(CASE WHEN :'has_vector' THEN translate(v, '{}', '[]') ELSE v END AS :local_type) AS v
FROM (VALUES (1, '{1,0,0.5}'), (2, '{0.1,-3.4028235e+38,1e-45}'), (3, NULL), (4, '{0,0,0}')) AS given (id, v);
INSERT INTO types_embedding.t (id, v) SELECT id, v FROM expected;
SELECT results_eq('SELECT id, v::text FROM types_embedding.t ORDER BY id', 'SELECT id, v::text FROM expected ORDER BY id',
    'inserted embeddings come back equal');
UPDATE types_embedding.t SET v = (SELECT v FROM expected WHERE id = 2) WHERE id IN (1, 3);
SELECT results_eq('SELECT v::text FROM types_embedding.t WHERE id IN (1, 3)',
    'SELECT v::text FROM expected, generate_series(1, 2) WHERE id = 2', 'updated embeddings come back equal');
UPDATE types_embedding.t SET v = NULL;
SELECT is((SELECT count(*) FROM types_embedding.t WHERE v IS NULL), 4::bigint, 'NULL is not an embedding of zeros');
SELECT * FROM finish();
ROLLBACK;
