-- Defaults: what KalamDB knows goes there, everything else stays local; all are applied to rows written from here.
BEGIN;
SELECT plan(5);
\ir include/remote.psql

CREATE SCHEMA pgtap_defaults;
CREATE TABLE pgtap_defaults.t (
    id bigint PRIMARY KEY DEFAULT SNOWFLAKE_ID(),
    a text DEFAULT 'it''s',
    b int DEFAULT 5,
    c boolean DEFAULT true,
    d timestamp DEFAULT CURRENT_TIMESTAMP,
    e timestamptz DEFAULT now(),
    f text DEFAULT UUID_V7(),
    g text DEFAULT ULID(),
    h double precision DEFAULT 1.5,
    i text DEFAULT NULL,
    j int DEFAULT 1 + 1,
    k text DEFAULT upper('x') || current_user,
    l numeric(8,2) DEFAULT 3.25,
    m date DEFAULT '2024-02-29'
) USING kalamdb;

SELECT is(pg_temp.remote_columns('pgtap_defaults', 't'),
          E'id BIGINT NOT NULL KEY DEFAULT SNOWFLAKE_ID()\na TEXT DEFAULT String("it''s")\nb INT DEFAULT Number(5)\nc BOOLEAN DEFAULT Bool(true)\n'
          'd TIMESTAMP DEFAULT CURRENT_TIMESTAMP()\ne DATETIME DEFAULT NOW()\nf TEXT DEFAULT UUID_V7()\ng TEXT DEFAULT ULID()\n'
          'h DOUBLE DEFAULT Number(1.5)\ni TEXT\nj INT DEFAULT Number(2)\nk TEXT\nl DECIMAL(8, 2) DEFAULT Number(3.25)\nm DATE DEFAULT String("2024-02-29")',
          'the server has the defaults that it knows');
INSERT INTO pgtap_defaults.t (id) VALUES (1);
SELECT is(row(a, b, c, h, i, j, k, l, m)::text, row('it''s', 5, true, 1.5::float8, NULL, 2, 'X' || current_user, 3.25, '2024-02-29')::text,
          'all are applied to a row written from here') FROM pgtap_defaults.t;
SELECT ok(d IS NOT NULL AND e = now(), 'times too') FROM pgtap_defaults.t;
SELECT matches(f, '^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$', 'uuid_v7() is a UUID of version 7') FROM pgtap_defaults.t;
SELECT matches(g, '^[0-7][0-9A-HJKMNP-TV-Z]{25}$', 'ulid() is a ULID') FROM pgtap_defaults.t;

SELECT * FROM finish();
ROLLBACK;
