"""Small fake steps and processes: Python one-liners that behave as the product's own do."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from scripts.frontdesk.ports import free_port
from scripts.frontdesk.progress import Progress
from scripts.frontdesk.run import Run
from scripts.frontdesk.steps import Plan, Process, Step

SERVER = """
import http.server, subprocess, sys
class Ready(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers()
    def log_message(self, *_): pass
print("serving", flush=True)
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Ready).serve_forever()
"""


def alive(pid: int) -> bool:
    """Whether a process still does something; one that has ended and that nobody has asked after does not."""
    try:
        state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False)
    except FileNotFoundError:  # no ps here: the next best witness
        return Path(f"/proc/{pid}").exists()
    return state.stdout.strip()[:1] not in {"", "Z"}


class Workshop:
    """A made-up checkout with makers of steps and processes, and what they told the person."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.shown = io.StringIO()

    def step(self, name: str, code: str, **more: object) -> Step:
        """A step that runs ``code``; it has a stamp unless ``stamp=None`` is given."""
        given = {"stamp": self.root / "state" / f"{name}.json", **more}
        return Step(name=name, title=f"the {name}", command=(sys.executable, "-c", code), **given)  # type: ignore[arg-type]

    def server(self, name: str, code: str = SERVER, **more: object) -> Process:
        """A process that answers 200 on a free port."""
        port = free_port()
        command = (sys.executable, "-c", code, str(port))
        ready = f"http://127.0.0.1:{port}/ready"
        return Process(name=name, title=f"the {name}", command=command, port=port, ready=ready, **more)  # type: ignore[arg-type]

    def run(self, *nodes: Step | Process, restarts: int = 0) -> Run:
        """A run of these, ready to be executed."""
        steps = [node for node in nodes if isinstance(node, Step)]
        processes = [node for node in nodes if isinstance(node, Process)]
        return Run(
            Plan(steps, processes),
            root=self.root,
            logs=self.root / "log",
            env={},
            progress=Progress(self.shown),
            restarts=restarts,
        )


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    return Workshop(tmp_path)


@pytest.fixture
def lines_of(tmp_path: Path) -> Callable[[str], list[str]]:
    """The lines that fake steps have appended to a file of the made-up checkout."""

    def read(name: str) -> list[str]:
        path = tmp_path / name
        return path.read_text(encoding="utf-8").split() if path.exists() else []

    return read
