"""Ports: whether one is free, who has it, and a free one for tests."""

from __future__ import annotations

import shutil
import socket
import subprocess
from collections.abc import Iterable
from pathlib import Path

from scripts.frontdesk.problems import RunError
from scripts.frontdesk.steps import Process

HOST = "127.0.0.1"


def demand_free(processes: Iterable[Process]) -> None:
    """Check every port before anything starts.

    Raises:
        RunError: a port is taken; names its owner when that is cheap to find out.
    """
    for process in processes:
        if is_free(process.port):
            continue
        owner = _owner(process.port)
        by = f" by {owner}" if owner else ""
        variable = setting_of(process.name)
        raise RunError(
            f"Port {process.port}, which {process.title} needs, is taken{by}: end that program "
            f"(`make stop` if it is an earlier Frontdesk), or choose another port with {variable}=<port>."
        )


def setting_of(process: str) -> str:
    """Name of the variable that moves a process to another port."""
    return f"FRONTDESK_{process.upper()}_PORT"


def is_free(port: int) -> bool:
    """Whether a server could listen here now."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, port))
        except OSError:
            return False
    return True


def free_port() -> int:
    """A port that nobody listened on a moment ago."""
    with socket.socket() as listener:
        listener.bind((HOST, 0))
        port: int = listener.getsockname()[1]
        return port


def _owner(port: int) -> str:
    """``name (pid N)`` of the process that listens on the port, or nothing when it cannot be told."""
    return _owner_from_proc(port) or _owner_from_lsof(port)


def _owner_from_proc(port: int) -> str:
    table = Path("/proc/net/tcp")
    if not table.exists():
        return ""
    listening = "0A"
    rows = [line.split() for line in table.read_text(encoding="ascii").splitlines()[1:]]
    inodes = {row[9] for row in rows if row[3] == listening and int(row[1].rpartition(":")[2], 16) == port}
    for link in Path("/proc").glob("[0-9]*/fd/*"):
        try:
            target = str(link.readlink())
        except OSError:  # not ours to look at, or gone
            continue
        if target.startswith("socket:[") and target[8:-1] in inodes:
            folder = link.parent.parent
            return f"{(folder / 'comm').read_text(encoding='utf-8').strip()} (pid {folder.name})"
    return ""


def _owner_from_lsof(port: int) -> str:
    lsof = shutil.which("lsof")
    if lsof is None:
        return ""
    found = subprocess.run(
        [lsof, "-nP", f"-iTCP:{port}", "-sTCP:LISTEN", "-Fpc"],
        capture_output=True,
        text=True,
        check=False,
        timeout=5,
    )
    fields = {line[0]: line[1:] for line in found.stdout.splitlines() if line}
    return f"{fields.get('c', 'a program')} (pid {fields['p']})" if "p" in fields else ""
