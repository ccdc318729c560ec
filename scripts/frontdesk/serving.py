"""One process of the product: started, waited for, watched, and started again when it dies in service."""

from __future__ import annotations

import asyncio
import json
import time
import urllib.error
import urllib.request

from scripts.frontdesk.child import Child, tail
from scripts.frontdesk.launcher import Launcher
from scripts.frontdesk.problems import RunError
from scripts.frontdesk.progress import Progress
from scripts.frontdesk.steps import Process

_POLL_SECONDS = 0.3
_PAUSE_SECONDS = 2.0
_LONG_LIFE_SECONDS = 300.0
_LONGEST_REASON = 300


async def keep_serving(
    process: Process,
    launcher: Launcher,
    progress: Progress,
    *,
    ready: asyncio.Event,
    all_up: asyncio.Event,
    restarts: int,
) -> None:
    """Start the process, set ``ready`` once it is, and stay with it until cancelled; then it is ended.

    Args:
        process: what to serve.
        launcher: starts and ends it.
        progress: where to say so.
        ready: set by this function.
        all_up: set once the whole stack is ready; before that a death ends the run, so that nothing half-started stays.
        restarts: how often in a row a process that dies later is started again. A long life between starts anew.

    Raises:
        RunError: it was not ready in time, died before the stack was up, or died too often.
    """
    left = restarts
    again = False
    while True:
        begun = time.monotonic()
        child = await _serve_once(process, launcher, progress, ready=ready, again=again)
        if time.monotonic() - begun > _LONG_LIFE_SECONDS:
            left = restarts
        if not all_up.is_set() or left == 0:
            raise _died(process, child)
        left -= 1
        again = True
        progress.say(f"  {process.title} ended by itself ({_how(child)}); it is started again. Its log: {child.log}")
        await asyncio.sleep(_PAUSE_SECONDS)


async def _serve_once(
    process: Process, launcher: Launcher, progress: Progress, *, ready: asyncio.Event, again: bool
) -> Child:
    """From its start to its end."""
    title = f"start {process.title}"
    progress.begin(title)
    try:
        child = await launcher.start(process, again=again)
        await _until_ready(process, child)
        progress.end(title, outcome="ready")
        ready.set()
        await child.wait()
        return child
    finally:
        progress.drop(title)
        await launcher.end(process)


async def _until_ready(process: Process, child: Child) -> None:
    ended = asyncio.ensure_future(child.wait())
    deadline = time.monotonic() + process.patience
    missing: str | None = None
    while time.monotonic() < deadline:
        missing = await asyncio.to_thread(what_is_missing, process.ready)
        if missing is None:
            return
        done, _ = await asyncio.wait({ended}, timeout=_POLL_SECONDS)
        if done:
            raise _died(process, child)
    raise RunError(
        f"{process.title} was not ready within {process.patience:.0f} s, so everything was stopped"
        f"{f' ({missing})' if missing else ''}: the last lines of its log are above.",
        log=child.log,
        tail=tail(child.log),
    )


def answers(address: str) -> bool:
    """Whether a GET gives 200 within two seconds."""
    return what_is_missing(address) is None


def what_is_missing(address: str) -> str | None:
    """None for a GET that gives 200 within two seconds; else what the process itself says, "" when it says nothing."""
    try:
        with urllib.request.urlopen(address, timeout=2.0) as response:  # noqa: S310 - our own loopback addresses
            return None if response.status == 200 else ""  # noqa: PLR2004 - HTTP OK
    except urllib.error.HTTPError as refused:
        return _reason(refused)
    except (OSError, ValueError):
        return ""


def _reason(refused: urllib.error.HTTPError) -> str:
    try:
        return str(json.load(refused)["error"]["message"])[:_LONGEST_REASON]
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _died(process: Process, child: Child) -> RunError:
    return RunError(
        f"{process.title} ended by itself ({_how(child)}), so everything was stopped: "
        "its last lines are above; mend the cause and run the same command again.",
        log=child.log,
        tail=tail(child.log),
    )


def _how(child: Child) -> str:
    code = child.code or 0
    return f"killed by signal {-code}" if code < 0 else f"exit code {code}"
