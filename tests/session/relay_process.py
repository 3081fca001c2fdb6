"""kalam-relay as a Python object: a link to KalamDB that a test can cut, stall, delay or refuse.

    with Relay(cluster.kalam_port) as relay:
        ... a foreign server on port relay.port ...
        relay.pause("down")
        wait_for(lambda: relay.stats()["up"] > before)   # the request is with the server, its answer is held
        relay.cut()

The commands are those of tests/session/relay/relay.h.
"""
import os
import pathlib
import subprocess

TOP = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("KALAM_BUILD", TOP / "build"))


class Relay:
    """A relay in front of a port of this machine; it ends with the `with` block."""

    def __init__(self, to_port, listen_port=0):
        program = BUILD / "tests/session/relay/kalam-relay"
        self.process = subprocess.Popen(
            [str(program), f"127.0.0.1:{listen_port}", f"127.0.0.1:{to_port}"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
        word, port = self._answer().split()
        assert word == "port"
        self.port = int(port)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait(timeout=20)
        self.process.stdout.close()

    def command(self, *words):
        """Carries out one command; what its answer says after `ok`."""
        self.process.stdin.write(" ".join(str(word) for word in words) + "\n")
        self.process.stdin.flush()
        status, _, rest = self._answer().partition(" ")
        if status != "ok":
            raise ValueError(f"relay: {words}: {rest}")
        return rest

    def cut(self):
        """Resets all open connections; how many they were."""
        return int(self.command("cut"))

    def refuse(self):
        self.command("refuse")

    def accept(self):
        self.command("accept")

    def pause(self, direction=""):
        self.command("pause", direction)

    def resume(self, direction=""):
        self.command("resume", direction)

    def delay(self, ms):
        self.command("delay", ms)

    def frames(self, on=True):
        """Answers frame by frame with Nagle's algorithm on, as KalamDB's listener sends them."""
        self.command("frames", "on" if on else "off")

    def stats(self):
        """accepted, open (connections); up, down (bytes passed on); frames (of the server)."""
        return {name: int(value) for name, value in (pair.split("=") for pair in self.command("stats").split())}

    def _answer(self):
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"the relay has ended with {self.process.wait(timeout=20)}")
        return line.strip()
