"""A real Elasticsearch node on this machine, for measurements and tests."""

import os
import shutil
import signal
import socket
import subprocess
from dataclasses import dataclass
from pathlib import Path

PROGRAM = Path(os.environ.get("FRONTDESK_ELASTICSEARCH", "../shared/elasticsearch/elasticsearch"))
_TRANSPORT = 100  # the program listens here above the HTTP port, too


def why_not() -> str | None:
    """Why no node can be started here, or None when one can."""
    if not PROGRAM.is_file():
        return f"there is no {PROGRAM} (FRONTDESK_ELASTICSEARCH)"
    return None if shutil.which("java") else "there is no java"


@dataclass(frozen=True, slots=True)
class LocalNode:
    """A node that listens on the loopback interface at ``port`` and keeps its data in ``data``."""

    port: int
    data: Path
    heap: str = "512m"

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it; returns when it answers, after about six seconds.

        Raises:
            RuntimeError: it did not start; the message is what it said last.
        """
        options = ["--port", str(self.port), "--data", str(self.data), "--heap", self.heap]
        done = subprocess.run([str(PROGRAM), "start", *options], capture_output=True, text=True, check=False)  # noqa: S603
        if done.returncode:
            raise RuntimeError(f"Elasticsearch did not start: {done.stderr.strip()}")

    def stop(self) -> None:
        """End it in order."""
        subprocess.run([str(PROGRAM), "stop", "--data", str(self.data)], capture_output=True, check=False)  # noqa: S603

    def kill(self) -> None:
        """End it as a power cut would."""
        os.kill(self._pid(), signal.SIGKILL)

    def freeze(self) -> None:
        """Let it hold its connections and answer nothing."""
        os.kill(self._pid(), signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        os.kill(self._pid(), signal.SIGCONT)

    def memory(self) -> int:
        """Its resident memory in bytes."""
        status = Path(f"/proc/{self._pid()}/status").read_text(encoding="ascii")
        return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")) * 1024

    def _pid(self) -> int:
        return int((self.data / "pid").read_text(encoding="ascii"))


def free_port() -> int:
    """A port that is free now, with the one the node takes besides."""
    while True:
        with socket.socket() as http, socket.socket() as transport:
            http.bind(("127.0.0.1", 0))
            port = int(http.getsockname()[1])
            try:
                transport.bind(("127.0.0.1", port + _TRANSPORT))
            except (OSError, OverflowError):
                continue
            return port
