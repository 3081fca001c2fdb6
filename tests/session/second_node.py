"""A second node of a cluster: a kalam-devserver beside the one that every test cluster has."""
import os
import pathlib
import re
import socket
import subprocess

from conftest import TOP
from faults import Faults

LEADER_API = "http://127.0.0.1:18182"


def free_port():
    """A port where nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def states_of_links(port):
    """Of the sockets that are or were connected to a port here."""
    sockets = [line.split() for line in pathlib.Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return {socket[3] for socket in sockets if socket[2].endswith(f":{port:04X}")}


class Leader:
    """A second server."""

    def __init__(self, data):
        self.port = free_port()
        self.data = data
        self.start()

    def start(self):
        program = pathlib.Path(os.environ.get("KALAM_BUILD", TOP / "build")) / "src/devserver/kalam-devserver"
        self.process = subprocess.Popen(
            [str(program), "--listen", f"127.0.0.1:{self.port}", "--token", "Bearer test-token",
             "--data", str(self.data), "--allow-faults", "--api-address", LEADER_API],
            stdout=subprocess.PIPE, text=True)
        assert re.match(r"listening on ", self.process.stdout.readline())
        self.faults = Faults(self.port)

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def has_links(self):
        """Whether anybody's socket still stands for a connection to it."""
        return bool(states_of_links(self.port) - {"06"})  # TIME_WAIT

    @property
    def address(self):
        return f"127.0.0.1:{self.port}"
