/* The objects of the extension. Run by CREATE EXTENSION pg_kalam; the manual of each is its COMMENT. */
\echo Use "CREATE EXTENSION pg_kalam" to load this file. \quit

-- ---- the foreign data wrapper ----

CREATE FUNCTION kalam_handler() RETURNS fdw_handler
    AS 'MODULE_PATHNAME', 'kalam_handler' LANGUAGE C STRICT;
COMMENT ON FUNCTION kalam_handler() IS 'handler of the foreign data wrapper pg_kalam';

CREATE FUNCTION kalam_validator(text[], oid) RETURNS void
    AS 'MODULE_PATHNAME', 'kalam_validator' LANGUAGE C STRICT;
COMMENT ON FUNCTION kalam_validator(text[], oid) IS
    'checks the options of servers, user mappings, tables and columns; errors: HV00D unknown option, HV024 wrong value, 42501 a file named by somebody who is not a superuser, 42602 a name that KalamDB cannot take';

CREATE FOREIGN DATA WRAPPER pg_kalam HANDLER kalam_handler VALIDATOR kalam_validator;
COMMENT ON FOREIGN DATA WRAPPER pg_kalam IS 'tables of KalamDB servers';

-- ---- the extension itself ----

CREATE FUNCTION kalam_version() RETURNS text
    AS 'MODULE_PATHNAME', 'kalam_version' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kalam_version() IS 'version of the pg_kalam library';

CREATE FUNCTION kalam_compiled_mode() RETURNS text
    AS 'MODULE_PATHNAME', 'kalam_compiled_mode' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kalam_compiled_mode() IS 'how the server is reached: always ''remote''';

CREATE FUNCTION kalam_user_id() RETURNS text
    AS 'MODULE_PATHNAME', 'kalam_user_id' LANGUAGE C STABLE PARALLEL RESTRICTED;
COMMENT ON FUNCTION kalam_user_id() IS
    'the KalamDB user whose rows the session works on: what the user mapping of kalam_server pins, else kalam.user_id; NULL where neither is set';

CREATE FUNCTION kalam_user_id_guc_name() RETURNS text
    AS 'MODULE_PATHNAME', 'kalam_user_id_guc_name' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kalam_user_id_guc_name() IS 'name of the setting behind kalam_user_id()';

CREATE FUNCTION snowflake_id() RETURNS bigint
    AS 'MODULE_PATHNAME', 'kalam_snowflake_id' LANGUAGE C VOLATILE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION snowflake_id() IS
    'a new id: positive, unique in the cluster, greater than every id that this session got before; milliseconds since 2024-01-01 in the upper bits';

CREATE FUNCTION uuid_v7() RETURNS text
    AS 'MODULE_PATHNAME', 'kalam_uuid_v7' LANGUAGE C VOLATILE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION uuid_v7() IS 'a new UUID of version 7 as text, as KalamDB''s UUID_V7(): ids sort by age';

CREATE FUNCTION ulid() RETURNS text
    AS 'MODULE_PATHNAME', 'kalam_ulid' LANGUAGE C VOLATILE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION ulid() IS 'a new ULID, as KalamDB''s ULID(): ids sort by age';

-- ---- statements for the server ----

CREATE FUNCTION kalam_exec(sql text, server text DEFAULT 'kalam_server') RETURNS text
    AS 'MODULE_PATHNAME', 'kalam_exec' LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION kalam_exec(text, text) IS
    'sends a statement to a KalamDB server as it is: rows come back as a JSON array of objects, anything else as a JSON string with the server''s message; runs with full rights on the server and outside the transaction; errors: the server''s own, with their SQLSTATE, 42704 no such server, 08001 and 08006 not reachable, 08007 outcome unknown';
REVOKE ALL ON FUNCTION kalam_exec(text, text) FROM PUBLIC;

CREATE FUNCTION kalam_ping(server text DEFAULT 'kalam_server') RETURNS double precision
    AS 'MODULE_PATHNAME', 'kalam_ping' LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION kalam_ping(text) IS
    'milliseconds that one empty call to a KalamDB server took; errors: 08001 not reachable, 28000 credentials refused';

-- ---- the worker ----

CREATE FUNCTION kalam_wait_until_ready(timeout double precision DEFAULT 10) RETURNS boolean
    AS 'MODULE_PATHNAME', 'kalam_wait_until_ready' LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION kalam_wait_until_ready(double precision) IS
    'waits until the background worker takes requests, at most so many seconds (0 to 86400); false if it does not by then';

CREATE FUNCTION kalam_status(
    OUT state text,
    OUT pid integer,
    OUT epoch integer,
    OUT started_at timestamptz,
    OUT queue_depth integer,
    OUT queue_limit integer,
    OUT control_depth integer,
    OUT slots integer,
    OUT slots_in_use integer,
    OUT request_pages integer,
    OUT request_pages_free integer,
    OUT answer_pages integer,
    OUT answer_pages_free integer,
    OUT shared_memory_bytes bigint,
    OUT requests bigint,
    OUT cancelled bigint,
    OUT queue_full_waits bigint,
    OUT page_waits bigint,
    OUT answer_stalls bigint,
    OUT awake_answers bigint,
    OUT stats_reset timestamptz)
    AS 'MODULE_PATHNAME', 'kalam_status' LANGUAGE C VOLATILE STRICT PARALLEL RESTRICTED;
COMMENT ON FUNCTION kalam_status() IS
    'state of the worker (stopped, starting, ready, stopping) and of the shared memory: requests waiting, slots and pages of 16 kB in use, how often somebody had to wait for them, and for how many answers a backend waited awake (kalam.spin_limit)';

-- ---- statistics ----

CREATE FUNCTION kalam_stat_endpoints(
    OUT endpoint text,
    OUT calls bigint,
    OUT errors bigint,
    OUT calls_by_kind jsonb,
    OUT errors_by_kind jsonb,
    OUT rows_sent bigint,
    OUT rows_affected bigint,
    OUT bytes_sent bigint,
    OUT bytes_received bigint,
    OUT retries bigint,
    OUT reconnects bigint,
    OUT sessions_opened bigint,
    OUT sessions_closed bigint,
    OUT latency_us jsonb,
    OUT group_sizes jsonb)
    RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'kalam_stat_endpoints' LANGUAGE C VOLATILE STRICT PARALLEL RESTRICTED;
COMMENT ON FUNCTION kalam_stat_endpoints() IS 'the rows of kalam_stat';

CREATE VIEW kalam_stat AS SELECT * FROM kalam_stat_endpoints();
COMMENT ON VIEW kalam_stat IS
    'what was sent to each KalamDB server since kalam_stat_reset() or the start: calls and errors by kind, rows, bytes, calls sent again, reconnects, sessions, histograms of latencies and of group sizes by their upper bounds';

CREATE FUNCTION kalam_stat_sessions(
    OUT session_id text,
    OUT backend_pid integer,
    OUT endpoint text,
    OUT state text,
    OUT opened_at timestamptz,
    OUT last_used_at timestamptz,
    OUT calls bigint)
    RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'kalam_stat_sessions' LANGUAGE C VOLATILE STRICT PARALLEL RESTRICTED;
COMMENT ON FUNCTION kalam_stat_sessions() IS 'the rows of kalam_connections';

CREATE VIEW kalam_connections AS SELECT * FROM kalam_stat_sessions();
COMMENT ON VIEW kalam_connections IS
    'sessions that are open on KalamDB servers now; backend_pid is NULL for the session that autocommit calls share, session_id is shown to members of pg_read_all_stats';

CREATE FUNCTION kalam_stat_reset() RETURNS void
    AS 'MODULE_PATHNAME', 'kalam_stat_reset' LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION kalam_stat_reset() IS 'sets the counters of kalam_stat and kalam_status to zero';
REVOKE ALL ON FUNCTION kalam_stat_reset() FROM PUBLIC;

GRANT SELECT ON kalam_stat, kalam_connections TO PUBLIC;
