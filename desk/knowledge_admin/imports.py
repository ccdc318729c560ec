"""Files that an editor uploads, taken into the knowledge with the same report as an ingest at the command line."""

import asyncio
import re
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from desk.errors import Invalid
from desk.knowledge_admin.ports import Knowledge
from retrieval.documents.files import is_knowledge_file, is_side_file
from retrieval.report import IngestReport

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_LONGEST_NAME = 100

Upload = tuple[str, bytes]


@dataclass(frozen=True)
class Imports:
    """Keeps each file in ``folder`` under its own name: the same name again is the same document's next version."""

    knowledge: Knowledge
    folder: Path
    most_files: int = 50
    one_at_a_time: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def take_in(self, uploads: Sequence[Upload], *, by: str, dry_run: bool) -> IngestReport:
        """Ingest the files and say what changed (or with ``dry_run`` what would).

        Raises:
            Invalid: a file of a kind that is not read, two of one name, or one about a document that is not there.
            NotPossible: another ingest is at work, or vectors cannot be made.
        """
        named = [(_name(given), raw) for given, raw in uploads]
        if len({name for name, _ in named}) < len(named):
            raise Invalid("Two of the files have the same name.")
        names = [name for name, _ in named]
        # Also a trial is read from the folder, so that it sees what an earlier file of that name said; the lock keeps
        # two editors from reading each other's.
        async with self.one_at_a_time:
            with tempfile.TemporaryDirectory() as place:
                await asyncio.to_thread(_put_aside, self.folder, Path(place), names)
                kept = False
                try:
                    files = await asyncio.to_thread(_write, self.folder, named)
                    report = await self.knowledge.take_in(files, by=by, dry_run=dry_run)
                    kept = not dry_run
                    return report
                finally:
                    if not kept:
                        _put_back(Path(place), self.folder, names)


def _name(given: str) -> str:
    name = _UNSAFE.sub("-", Path(given.replace("\\", "/")).name).lstrip(".-")
    of_a_kind = is_knowledge_file(Path(name)) or is_side_file(Path(name))
    if not name or len(name) > _LONGEST_NAME or not of_a_kind:
        raise Invalid(f"{name[:40] or 'A file'} is not of a kind that is read: Markdown, HTML, PDF, DOCX, CSV or JSON.")
    return name


def _write(folder: Path, named: Sequence[Upload]) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    for name, raw in named:
        (folder / name).write_bytes(raw)
    return _documents(folder, [name for name, _ in named])


def _documents(folder: Path, names: Sequence[str]) -> list[Path]:
    """The documents that the files are, or say something of: ``brio.pdf.yml`` of ``brio.pdf``, sent now or before."""
    meant = {name: Path(name).stem if is_side_file(Path(name)) else name for name in names}
    for name, document in meant.items():
        if not (folder / document).is_file():
            raise Invalid(f"{name} says something of {document}: send that file, too.")
    return [folder / document for document in dict.fromkeys(meant.values())]


def _put_aside(folder: Path, place: Path, names: Sequence[str]) -> None:
    for name in names:
        if (folder / name).is_file():
            shutil.copy2(folder / name, place / name)


def _put_back(place: Path, folder: Path, names: Sequence[str]) -> None:
    for name in names:
        (folder / name).unlink(missing_ok=True)
    _put_aside(place, folder, names)
