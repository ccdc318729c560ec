"""The one-time code of a letter, read where the back office puts its letters in development: a folder of ``.eml``."""

from __future__ import annotations

import asyncio
import email
import email.policy
import re
from pathlib import Path

from conversation_runner.errors import RunnerError

_CODE = re.compile(r"(?<!\d)\d{6}(?!\d)")
_WAIT_S, _LOOK_EVERY_S = 5.0, 0.1
_CLOCK_SLACK_S = 1.0  # a file system's times may be coarser than the clock


class Mailbox:
    """Letters in a folder; without one, a step that needs a code cannot be played."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._read: dict[Path, float] = {}

    async def code_for(self, address: str, *, since: float) -> str:
        """The code in the newest letter to ``address`` since that moment (seconds of the epoch).

        Letters are sent in the background, so it is waited for. What another scenario, with another beginning, has
        read is no letter to this one.

        Raises:
            RunnerError: there is no folder, or no such letter came.
        """
        if self._folder is None:
            raise RunnerError("A step needs a code from a letter: name the folder with --mailbox.")
        for _ in range(int(_WAIT_S / _LOOK_EVERY_S)):
            if code := self._newest(address, since):
                return code
            await asyncio.sleep(_LOOK_EVERY_S)
        raise RunnerError(f"No letter with a code for {address} came to {self._folder}.")

    def _newest(self, address: str, since: float) -> str | None:
        folder = self._folder or Path()
        letters = [(path.stat().st_mtime, path) for path in folder.glob("*.eml")]
        for written, path in sorted(letters, reverse=True):
            if written < since - _CLOCK_SLACK_S:
                return None
            if self._read.get(path, since) != since:
                continue
            letter = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            body = letter.get_body(("plain",))
            found = _CODE.search(body.get_content()) if body else None
            if found and address.casefold() in str(letter["To"]).casefold():
                self._read[path] = since
                return found[0]
        return None
