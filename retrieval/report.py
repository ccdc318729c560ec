"""What one ingest did, file by file."""

from dataclasses import dataclass, field
from typing import Any

from retrieval.model import EntryId


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file that was not taken in, and why; ``kept`` entries of its last good state stay in force."""

    source: str
    reason: str
    kept: int = 0


@dataclass(frozen=True, slots=True)
class IngestReport:
    """Entry ids by what happened to them. ``version`` is the state in force afterwards, None after a dry run."""

    added: tuple[EntryId, ...] = ()
    changed: tuple[EntryId, ...] = ()
    unchanged: tuple[EntryId, ...] = ()
    removed: tuple[EntryId, ...] = ()
    refused: tuple[Refusal, ...] = ()
    embedded: int = 0
    dense: bool = False
    version: str | None = None
    notes: tuple[str, ...] = field(default=())

    @property
    def changes(self) -> int:
        """How many entries differ from the state before."""
        return len(self.added) + len(self.changed) + len(self.removed)

    def as_json(self) -> dict[str, Any]:
        """The report for logs and other programmes."""
        return {
            "added": list(self.added),
            "changed": list(self.changed),
            "unchanged": len(self.unchanged),
            "removed": list(self.removed),
            "refused": [{"source": item.source, "reason": item.reason, "kept": item.kept} for item in self.refused],
            "embedded": self.embedded,
            "dense": self.dense,
            "version": self.version,
            "notes": list(self.notes),
        }
