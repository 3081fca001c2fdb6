#!/usr/bin/env bash
# Installs an unpacked release archive into the PostgreSQL that pg_config describes: ./install.sh [PG_CONFIG]
# The archive must be of the same PostgreSQL major version. Needs the right to write into PostgreSQL's folders.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
pg_config=${1:-pg_config}
command -v "$pg_config" >/dev/null || { echo "install.sh: no pg_config at \"$pg_config\"; name it as the first argument" >&2; exit 1; }
major=$("$pg_config" --version | sed -nE 's/^PostgreSQL ([0-9]+).*/\1/p')
case $(basename "$here") in
    *-pg"$major"-*) ;;
    *) echo "install.sh: this archive, $(basename "$here"), is not for PostgreSQL $major" >&2; exit 1 ;;
esac
install -d "$("$pg_config" --pkglibdir)" "$("$pg_config" --sharedir)/extension"
install -m 755 "$here"/lib/*.so "$("$pg_config" --pkglibdir)/"
install -m 644 "$here"/extension/* "$("$pg_config" --sharedir)/extension/"
cat <<EOF
Installed. pg_kalam must be preloaded: set

    shared_preload_libraries = 'pg_kalam'

in postgresql.conf, restart PostgreSQL, and run CREATE EXTENSION pg_kalam in each database that uses it.
The worker needs libgrpc++ and libprotobuf of this distribution (Debian 12: libgrpc++1.51 libprotobuf32).
EOF
