"""The driver as a process of its own: asked to stop, started twice, started on a busy port."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from scripts.frontdesk.child import GRACE_SECONDS
from scripts.frontdesk.locks import RunningNote
from scripts.frontdesk.ports import free_port, is_free
from tests.scripts.conftest import alive

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 30.0
WAITS = "import time; print('waiting'); time.sleep(600)"


class Driver:
    """A started driver and what it said."""

    def __init__(self, root: Path, *more: str, ports: tuple[int, int] | None = None) -> None:
        self.root = root
        self.ports = ports or (free_port(), free_port())
        command = [sys.executable, "-m", "tests.scripts.driver", str(root), *map(str, self.ports), *more]
        self.process = subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
        )
        self._lines: list[str] = []

    def wait_for(self, words: str) -> None:
        """Read on until a line has these words."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.append(line)
            if words in line:
                return
        pytest.fail(f"never said {words!r}, but:\n{''.join(self._lines)}")

    def end(self, number: signal.Signals | None = None) -> str:
        """Send a signal, if given, and return everything that was said once it has ended."""
        if number is not None:
            self.process.send_signal(number)
        rest, _ = self.process.communicate(timeout=PATIENCE)
        return "".join(self._lines) + rest

    def pids(self) -> list[int]:
        """Its children, and theirs."""
        note = json.loads((self.root / "var" / "run" / "stack.json").read_text())
        groups = {pid for pid, _ in note["processes"].values()}
        listed = subprocess.run(["ps", "-eo", "pid=,pgid="], capture_output=True, text=True, check=True).stdout
        return [int(pid) for pid, group in map(str.split, listed.splitlines()) if int(group) in groups]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Driver]]:
    started: list[Driver] = []

    def begin(*more: str, **options: Any) -> Driver:
        started.append(Driver(tmp_path, *more, **options))
        return started[-1]

    yield begin
    for driver in started:
        if driver.process.poll() is None:
            driver.process.terminate()
            driver.process.wait(PATIENCE)
        if driver.process.stdout is not None:
            driver.process.stdout.close()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_asked_to_stop_it_leaves_no_process_and_no_busy_port(start: Callable[..., Driver], number: Any) -> None:
    driver = start()
    driver.wait_for("all ready")
    pids = driver.pids()
    assert len(pids) == 4
    driver.end(number)
    assert driver.process.returncode == 130
    assert [pid for pid in pids if alive(pid)] == []
    assert all(is_free(port) for port in driver.ports)
    assert not (driver.root / "var" / "run" / "stack.json").exists()


def test_asked_twice_it_gives_nobody_time(start: Callable[..., Driver]) -> None:
    driver = start("import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf'); time.sleep(600)")
    log = driver.root / "var" / "log" / "step.log"
    driver.wait_for("ready")
    while not log.exists() or "deaf" not in log.read_text(encoding="utf-8"):
        pass
    begun = time.monotonic()
    driver.process.send_signal(signal.SIGINT)
    driver.wait_for("stopping")
    driver.end(signal.SIGINT)
    assert time.monotonic() - begun < GRACE_SECONDS


def test_asked_to_stop_while_a_step_runs_it_ends_the_step_too(start: Callable[..., Driver]) -> None:
    driver = start(WAITS)
    driver.wait_for("ready")
    pids = driver.pids()
    driver.end(signal.SIGINT)
    assert [pid for pid in pids if alive(pid)] == []


def test_a_busy_port_is_named_with_its_owner_before_anything_starts(start: Callable[..., Driver]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as owner:
        port = owner.getsockname()[1]
        driver = start("raise SystemExit('must not run')", ports=(free_port(), port))
        said = driver.end()
    assert driver.process.returncode == 1
    assert f"Port {port}, which the rasa needs, is taken by " in said
    assert "FRONTDESK_RASA_PORT=<port>" in said
    assert "the step" not in said
    assert "Traceback" not in said


def test_a_second_one_in_the_same_folder_is_refused(start: Callable[..., Driver]) -> None:
    first = start()
    first.wait_for("all ready")
    assert "already runs from this folder" in start().end()
    first.end(signal.SIGTERM)


def test_a_failing_step_is_told_without_a_traceback_and_nothing_stays(start: Callable[..., Driver]) -> None:
    driver = start("print('[Errno 28] No space left on device'); raise SystemExit(1)")
    said = driver.end()
    assert driver.process.returncode == 1
    assert "The disk is full (the step): free about 6 GB" in said
    assert "Traceback" not in said
    assert all(is_free(port) for port in driver.ports)


def test_make_stop_ends_a_running_one(start: Callable[..., Driver]) -> None:
    driver = start()
    driver.wait_for("all ready")
    pids = driver.pids()
    assert RunningNote(driver.root / "var" / "run" / "stack.json").stop() == ["rasa", "service"]
    driver.end()
    assert [pid for pid in pids if alive(pid)] == []


def test_make_stop_ends_what_a_killed_driver_left_behind(start: Callable[..., Driver]) -> None:
    driver = start()
    driver.wait_for("all ready")
    pids = driver.pids()
    driver.end(signal.SIGKILL)
    assert all(alive(pid) for pid in pids)
    RunningNote(driver.root / "var" / "run" / "stack.json").stop()
    assert [pid for pid in pids if alive(pid)] == []
