"""What was saved in the console as Markdown files again, so that the folder tells the whole."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from privacy.personal_data import PersonalData
from retrieval.history.store import History
from retrieval.ingest import personal_in
from retrieval.model import CONSOLE, Entry, EntryId

_OWN_TEXT = {".md", ".markdown"}


@dataclass(frozen=True, slots=True)
class Exported:
    """Files that were written (or would be), and entries that have no file of their own, with the reason."""

    written: tuple[tuple[Path, EntryId], ...]
    refused: tuple[tuple[EntryId, str], ...]


def export(
    entries: Sequence[Entry],
    history: History,
    folder: Path,
    *,
    screen: PersonalData | None = None,
    dry_run: bool = False,
) -> Exported:
    """Write each entry whose source is the console into its own Markdown file.

    An entry that came from such a file goes back to it, a new one into ``console/`` of ``folder``. The next ingest
    finds the file saying what is in force and takes the entry from it again. A section of a manual, a row of a
    table or a part of a PDF has no file of its own: it is named as refused and stays the console's.
    """
    written: list[tuple[Path, EntryId]] = []
    refused: list[tuple[EntryId, str]] = []
    for entry in entries:
        if entry.source != CONSOLE:
            continue
        came_from = _came_from(entry.entry_id, history)
        if "#" in entry.entry_id or entry.path or (came_from and Path(came_from).suffix.lower() not in _OWN_TEXT):
            refused.append((entry.entry_id, f"a part of {came_from or entry.document_id}: change it there by hand"))
            continue
        path = Path(came_from) if came_from else folder / CONSOLE / f"{entry.entry_id}.md"
        if not path.resolve().is_relative_to(folder.resolve()):
            refused.append((entry.entry_id, f"its file {came_from} lies outside {folder}"))
            continue
        if not dry_run:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(markdown_of(entry, screen=screen), encoding="utf-8")
        written.append((path, entry.entry_id))
    return Exported(tuple(written), tuple(refused))


def markdown_of(entry: Entry, *, screen: PersonalData | None = None) -> str:
    """The file that an ingest makes exactly this entry of."""
    allowed = {"personal_data": "allowed"} if screen and personal_in(screen, entry) else {}
    head: Mapping[str, Any] = {
        "id": entry.entry_id,
        "title": entry.title,
        "category": entry.category,
        "product": list(entry.products),
        "audience": entry.audience,
        "locale": entry.locale,
        "valid_from": entry.valid_from,
        "valid_until": entry.valid_until,
        "questions": list(entry.questions),
        "updated": entry.updated,
        "url": entry.url,
        "version": entry.version,
        **allowed,
    }
    kept = {key: value for key, value in head.items() if value not in (None, [])}
    return f"---\n{yaml.safe_dump(kept, sort_keys=False, allow_unicode=True, width=110)}---\n\n{entry.answer}\n"


def _came_from(entry_id: EntryId, history: History) -> str | None:
    """The file that the entry was taken from last."""
    sources = (version.entry.source for version in history.versions(entry_id) if version.entry)
    return next((source for source in sources if source != CONSOLE), None)
