-- The getting-started page, statement by statement. Run by scripts/quickstart with psql -a in a database of its own.
-- What the page leaves open (address and token) comes in as psql variables. Lines under "quickstart:" are ours.

\echo '=== 1. Create the extension'
CREATE EXTENSION IF NOT EXISTS pg_kalam;
SELECT kalam_version(), kalam_compiled_mode();

\echo '=== 2. Register the KalamDB foreign server'
CREATE SERVER IF NOT EXISTS kalam_server FOREIGN DATA WRAPPER pg_kalam
    OPTIONS (host :'host', port :'port', auth_header :'token');

\echo '=== 3. Create your first shared table'
CREATE SCHEMA IF NOT EXISTS app;
CREATE TABLE app.shared_items (
    id BIGINT PRIMARY KEY DEFAULT SNOWFLAKE_ID(),
    title TEXT NOT NULL,
    value INTEGER,
    created_at TIMESTAMP DEFAULT NOW()
) USING kalamdb WITH (type = 'shared', flush_policy = 'rows:1000,interval:60');

\echo '=== 4. Query and mutate through PostgreSQL'
INSERT INTO app.shared_items (id, title, value)
    VALUES (SNOWFLAKE_ID(), 'Alpha', 10), (SNOWFLAKE_ID(), 'Beta', 20);
SELECT id, title, value FROM app.shared_items ORDER BY id;
-- quickstart: rows with the ids that the page's next two statements name
INSERT INTO app.shared_items (id, title, value) VALUES (1, 'Gone soon', 1), (2, 'Changed soon', 2);
UPDATE app.shared_items SET value = 25 WHERE id = 2;
DELETE FROM app.shared_items WHERE id = 1;
SELECT id, title, value FROM app.shared_items ORDER BY id;

\echo '=== 5. Use session identity for user tables'
SET kalam.user_id = 'user-alice';
CREATE TABLE app.profiles (
    id BIGINT PRIMARY KEY DEFAULT SNOWFLAKE_ID(),
    name TEXT,
    age INTEGER
) USING kalamdb WITH (type = 'user');
INSERT INTO app.profiles (id, name, age) VALUES (SNOWFLAKE_ID(), 'Alice', 30);
INSERT INTO app.profiles (id, name, age, _userid) VALUES (SNOWFLAKE_ID(), 'Bob', 41, 'user-bob');
SELECT id, name, age, _userid, _seq FROM app.profiles ORDER BY _seq;
-- quickstart: Bob sees his own row only
SET kalam.user_id = 'user-bob';
SELECT id, name, age, _userid, _seq FROM app.profiles ORDER BY _seq;

\echo '=== 6. Reuse KalamDB table options'
CREATE TABLE app.orders (
    id BIGINT PRIMARY KEY DEFAULT SNOWFLAKE_ID(),
    customer_id TEXT NOT NULL,
    status TEXT DEFAULT 'pending',
    created_at TIMESTAMP DEFAULT NOW()
) USING kalamdb WITH (type = 'shared', flush_policy = 'rows:1000,interval:60');

\echo '=== 7. Send any statement directly to KalamDB'
SELECT kalam_exec('ALTER TABLE app.orders ADD COLUMN priority INTEGER DEFAULT 0');
SELECT kalam_exec('DROP TABLE app.orders');
\pset format unaligned
SELECT kalam_exec('SELECT * FROM system.tables');
\pset format aligned

\echo '=== 8. Maintain the server definition'
ALTER SERVER kalam_server OPTIONS (SET host 'kalamdb.internal', SET port '9188');
-- quickstart: the page adds the header to a server that has none
ALTER SERVER kalam_server OPTIONS (DROP auth_header);
ALTER SERVER kalam_server OPTIONS (ADD auth_header 'Bearer <replacement-token>');
-- quickstart: back to the embedded server, so that what follows can reach it; app.orders was dropped behind PostgreSQL's back above
ALTER SERVER kalam_server OPTIONS (SET host :'host', SET port :'port', SET auth_header :'token');
SELECT kalam_ping();
DROP SERVER kalam_server CASCADE;
