"""Servers as child processes, and what they cost."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import psutil

PATIENCE_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Server:
    """A child that answers at ``url``; it was ready after ``ready_seconds``."""

    url: str
    ready_seconds: float
    process: psutil.Process

    def resident_mb(self) -> float:
        """Memory in RAM now, in MB (10⁶ bytes)."""
        return round(self.process.memory_info().rss / 1e6, 1)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def serving(
    arguments: Sequence[str], port: int, *, python: str = sys.executable, ready: str = "/ready", **env: str
) -> Iterator[Server]:
    """``python -m <arguments>`` on this port, waited for until ``ready`` answers, ended afterwards.

    Raises:
        RuntimeError: it ended or was not ready within a minute.
    """
    begun = time.perf_counter()
    child = subprocess.Popen([python, "-m", *arguments], env=os.environ | env, stdout=subprocess.DEVNULL)  # noqa: S603 - our own modules
    try:
        url = f"http://127.0.0.1:{port}"
        while not _ready(url + ready):
            if child.poll() is not None or time.perf_counter() - begun > PATIENCE_SECONDS:
                raise RuntimeError(f"{arguments[0]} did not get ready; what it said stands above.")
            time.sleep(0.02)
        yield Server(url, round(time.perf_counter() - begun, 2), psutil.Process(child.pid))
    finally:
        child.terminate()
        child.wait(timeout=20)


def _ready(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=1) as response:  # noqa: S310 - our own loopback address
            return bool(response.status == 200)  # noqa: PLR2004 - HTTP OK
    except (OSError, urllib.error.URLError):
        return False
