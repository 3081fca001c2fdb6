"""What connections cost: one link to the server for all, one thread, no gRPC and little memory in a backend."""
import pathlib

import pytest

from pss import mean_pss


@pytest.fixture(scope="module", autouse=True)
def table(cluster):
    cluster.sql("CREATE TABLE small (id bigint PRIMARY KEY, n int) USING kalamdb WITH (type = 'shared')")


def links_to(port):
    """TCP connections of this machine whose far end is 127.0.0.1:port and which are established."""
    # gRPC's sockets are of both families, so the kernel lists them as IPv6 with a mapped address.
    tables = [pathlib.Path(f"/proc/net/{name}").read_text().splitlines()[1:] for name in ("tcp", "tcp6")]
    rows = [line.split() for table in tables for line in table]
    return [row for row in rows if row[2].endswith(f"0100007F:{port:04X}") and row[3] == "01"]


def test_a_hundred_backends_share_one_link(cluster, connect):
    sessions = [connect() for _ in range(100)]
    for session in sessions:
        with session.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM small")
    assert len(links_to(cluster.kalam_port)) == 1
    for session in sessions:
        process = pathlib.Path(f"/proc/{session.info.backend_pid}")
        assert len(list((process / "task").iterdir())) == 1
        maps = (process / "maps").read_text()
        assert "pg_kalam.so" in maps
        assert "libgrpc" not in maps and "libprotobuf" not in maps


@pytest.mark.parametrize("use", [
    ["SELECT * FROM small WHERE id = 1"],
    ["INSERT INTO small VALUES (pg_backend_pid(), 1)", "UPDATE small SET n = 2 WHERE id = pg_backend_pid()",
     "BEGIN", "DELETE FROM small WHERE id = pg_backend_pid()", "COMMIT"],
], ids=["read", "write"])
def test_a_backend_pays_little_memory_for_its_first_use(cluster, connect, use):
    cluster.sql("CREATE TABLE IF NOT EXISTS plain AS SELECT 1::bigint AS id, 2 AS n")
    local = ["SELECT * FROM plain WHERE id = 1"]
    # As many backends of each kind, so that each page of a library is shared among as many.
    unused = mean_pss(connect, local)
    used = mean_pss(connect, local + use)
    assert used - unused <= 300
