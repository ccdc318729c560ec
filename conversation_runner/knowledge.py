"""Which knowledge entries exist: their ids and titles, from the front matter of the Markdown files."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import yaml


@dataclass(frozen=True)
class KnowledgeNames:
    """Ids and titles a scenario may expect as a source."""

    by_id: dict[str, str] = field(default_factory=dict)

    @property
    def ids(self) -> frozenset[str]:
        """Every entry's id."""
        return frozenset(self.by_id)

    @property
    def titles(self) -> frozenset[str]:
        """Every entry's title."""
        return frozenset(self.by_id.values())

    def has(self, name: str) -> bool:
        """Whether ``name`` is an id or a title, whatever the case."""
        wanted = name.casefold()
        return any(wanted in (i.casefold(), t.casefold()) for i, t in self.by_id.items())

    def names_of(self, name: str) -> tuple[str, ...]:
        """The id together with its title, so that a reply naming either one counts."""
        wanted = name.casefold()
        for entry_id, title in self.by_id.items():
            if wanted in (entry_id.casefold(), title.casefold()):
                return (entry_id, title)
        return (name,)

    @classmethod
    def read(cls, folder: Path) -> KnowledgeNames:
        """The entries under ``folder``; front matter that cannot be read is for the ingest to report."""
        by_id: dict[str, str] = {}
        for path in sorted(folder.rglob("*.md")):
            parts = path.read_text(encoding="utf-8", errors="replace").split("---", 2)
            if len(parts) < 3 or parts[0].strip():  # noqa: PLR2004 - before, front matter, after
                continue
            try:
                matter = yaml.safe_load(parts[1])
            except yaml.YAMLError:
                continue
            if isinstance(matter, dict) and "id" in matter:
                by_id[str(matter["id"])] = str(matter.get("title", matter["id"]))
        return cls(by_id)
