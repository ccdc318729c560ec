"""What the editor's routes need of the knowledge, of drafts, and of what was asked in vain."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

from desk.knowledge_admin.model import Asked, Draft, Edition, Past
from retrieval.editing import Written
from retrieval.model import Hit
from retrieval.ports import Vectors
from retrieval.report import IngestReport


class Knowledge(Protocol):
    """The knowledge index with its history. Vendor errors leave as ``desk.errors.Refusal``."""

    async def editions(self) -> Sequence[Edition]:
        """Every entry as it stands."""
        ...

    async def versions(self, entry_id: str) -> Sequence[Past]:
        """Every version of an entry, latest first; none for an unknown id."""
        ...

    async def save(
        self, entry_id: str, written: Written, *, expected: int | None, by: str, why: str, allow_personal_data: bool
    ) -> None:
        """Put an entry in force; the bot tells it from its next question on.

        Raises:
            Invalid: something is missing, too long or not allowed.
            StaleVersion: somebody saved it since ``expected``.
            NotFound: there is no such entry.
            NotPossible: the index or the service that makes vectors cannot be used now.
        """
        ...

    async def retire(self, entry_id: str, *, expected: int | None, by: str, why: str) -> None:
        """End an entry now. Errors as for ``save``."""
        ...

    async def restore(self, entry_id: str, version: int, *, by: str) -> bool:
        """Bring an earlier version back; whether anything changed. Errors as for ``save``."""
        ...

    async def search(self, question: str, *, audience: str, locale: str, most: int) -> Sequence[Hit]:
        """What a customer's question finds now, most relevant first."""
        ...

    async def take_in(self, files: Sequence[Path], *, by: str, dry_run: bool) -> IngestReport:
        """Ingest uploaded files."""
        ...

    async def vectors(self, texts: Sequence[str]) -> Vectors | None:
        """One unit vector a text, or None while they cannot be made."""
        ...

    def masked(self, text: str) -> str:
        """The text without personal data."""
        ...

    async def close(self) -> None:
        """Let go of files and connections."""
        ...


class Drafts(Protocol):
    """Where drafts are kept."""

    async def all(self) -> Sequence[Draft]:
        """Every draft, the one changed last first."""
        ...

    async def get(self, draft_id: str) -> Draft | None:
        """One draft."""
        ...

    async def put(self, draft: Draft, *, expected: int | None) -> None:
        """Write it; ``expected`` is the version it was read at, None for a new one.

        Raises:
            StaleVersion: somebody saved it meanwhile, or a new one's id is taken.
        """
        ...

    async def remove(self, draft_id: str) -> bool:
        """Throw it away; whether there was one."""
        ...


class Unanswered(Protocol):
    """Where questions that were not answered well are read from."""

    async def between(self, since: datetime, until: datetime) -> Sequence[Asked]:
        """Questions of that time, newest first, a bounded number."""
        ...


class GapsDone(Protocol):
    """Which wordings of questions somebody called done; each by its ``gaps.wording_of``, never in its words."""

    async def moments(self) -> Mapping[str, datetime]:
        """When each was last called done."""
        ...

    async def put(self, wordings: Collection[str], *, by: str, at: datetime) -> None:
        """Call them done; once more is the later moment."""
        ...

    async def remove(self, wordings: Collection[str]) -> None:
        """They are not done after all."""
        ...
