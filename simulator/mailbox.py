"""The letters that the stack's mailbox folder holds: where a customer finds a one-time code."""

from __future__ import annotations

import asyncio
import email
import email.policy
import re
from datetime import datetime
from pathlib import Path

_CODE = re.compile(r"\b\d{6}\b")
_LOOKS, _PAUSE_SECONDS = 20, 0.1
_MOMENT = "%Y%m%dT%H%M%S%f"


class Mailbox:
    """A folder of ``.eml`` files whose names begin with the moment they were written (UTC).

    Args:
        folder: where the back office puts letters in development.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def code(self, address: str, *, since: datetime) -> str | None:
        """The newest code sent to ``address`` since then; waits two seconds for one that is under way."""
        for _ in range(_LOOKS):
            if found := self._newest(address, since):
                return found
            await asyncio.sleep(_PAUSE_SECONDS)
        return None

    def _newest(self, address: str, since: datetime) -> str | None:
        earliest = f"{since:{_MOMENT}}"
        for path in sorted(self._folder.glob("*.eml"), reverse=True):
            if path.name < earliest:
                return None
            letter = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            body = letter.get_body()
            if address.casefold() in str(letter["To"]).casefold() and body:
                found = _CODE.search(body.get_content())
                if found:
                    return found[0]
        return None
