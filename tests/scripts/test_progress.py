"""What a person sees while steps run."""

from __future__ import annotations

import asyncio
import io
from pathlib import Path

import pytest

from scripts.frontdesk import progress
from scripts.frontdesk.progress import Progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


async def shown_after_a_while(out: io.StringIO, log: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(progress, "_HEARTBEAT_SECONDS", 0.0)
    told = Progress(out)
    told.begin("intent model", log)
    animation = asyncio.create_task(told.animate())
    while "45%" not in out.getvalue():  # noqa: ASYNC110 - the animation tells no event
        await asyncio.sleep(0.05)
    animation.cancel()
    told.end("intent model")
    return out.getvalue()


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "log"
    path.write_text("starting\ntraining: 45%, about 80 s left\n", encoding="utf-8")
    return path


async def test_a_terminal_shows_how_far_a_step_is_in_one_line_that_is_redrawn(
    log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = await shown_after_a_while(Terminal(), log, monkeypatch)
    assert "intent model 1 s (training: 45%, about 80 s left)\r\033[K" in shown
    assert shown.endswith("ok  intent model  1 s\n")


async def test_elsewhere_lines_are_only_added(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = await shown_after_a_while(io.StringIO(), log, monkeypatch)
    assert "\r" not in shown
    assert "... still running: intent model 1 s (training: 45%, about 80 s left)\n" in shown


@pytest.mark.parametrize("last", ["45% " + "x" * 200, "Traceback (most recent call last):"])
def test_a_last_line_that_tells_no_progress_is_left_to_the_log(log: Path, last: str) -> None:
    log.write_text(last, encoding="utf-8")
    told = Progress(io.StringIO())
    told.begin("intent model", log)
    assert told._state() == ["intent model 0 s"]
