"""One file made into entries, by its kind; every kind but our own Markdown is parsed in a process apart."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import yaml

from retrieval.documents.apart import Apart
from retrieval.documents.cleaning import slug_of
from retrieval.documents.docx import page_from_docx
from retrieval.documents.entries import allowed_by, made_from, reading_from
from retrieval.documents.files import OWN_TEXT, SIDE_ENDINGS, SUFFIXES, decoded_text, read_bytes
from retrieval.documents.front_matter import checked, head_yaml
from retrieval.documents.html import Page, decoded, page_from
from retrieval.documents.model import Limits, Reading
from retrieval.documents.pdf import page_from_pdf
from retrieval.documents.records import read_csv, read_jsonl
from retrieval.documents.zendesk import read_export
from retrieval.errors import DocumentRefused

_TEXT = OWN_TEXT | {".html", ".htm"}
_LONGEST_NOTES = 64 * 1024
_WORDS_OF_AN_ENTRY = 220
_LONGEST_LINE = 300
_FIRST_LEVEL = re.compile(r"^# .*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Job:
    """A file's content on its way to a parser. ``notes`` is what the file beside it says (see ``notes_beside``)."""

    suffix: str
    raw: bytes
    source: str
    zone: ZoneInfo
    limits: Limits
    notes: Mapping[str, object]


class Reader:
    """Reads knowledge files. Close it: it keeps a process for the parsers."""

    def __init__(self, *, zone: ZoneInfo, limits: Limits) -> None:
        """Bare dates are days of ``zone``."""
        self._zone = zone
        self._limits = limits
        self._apart = Apart(limits.seconds, limits.memory_bytes)

    def read(self, path: Path, source: str) -> Reading:
        """The entries of one file.

        Raises:
            DocumentRefused: the file as a whole cannot be taken; parts that cannot are named in the reading.
        """
        suffix = path.suffix.lower()
        if suffix not in SUFFIXES:
            raise DocumentRefused(f"not a kind of file that is read ({', '.join(sorted(SUFFIXES))})")
        most = self._limits.text_bytes if suffix in _TEXT else self._limits.document_bytes
        raw = read_bytes(path, max_bytes=most)
        if not raw.strip():
            raise DocumentRefused("the file is empty: write it, or delete it")
        if suffix in OWN_TEXT:
            return reading_from(decoded_text(raw), source=source, zone=self._zone)
        job = Job(suffix, raw, source, self._zone, self._limits, notes_beside(path))
        return self._apart.call(partial(parsed, job))

    def close(self) -> None:
        """End the parsers' process."""
        self._apart.close()


def notes_beside(path: Path) -> dict[str, object]:
    """Front matter for a file that cannot carry its own: ``manual.pdf.yml`` beside ``manual.pdf``.

    Raises:
        DocumentRefused: there is such a file and it cannot be used: what it says (staff only) must not be lost.
    """
    there = [path.with_name(path.name + ending) for ending in SIDE_ENDINGS]
    there = [beside for beside in there if beside.is_file() or beside.is_symlink()]
    if not there:
        return {}
    beside = there[0]
    if len(there) > 1:
        raise DocumentRefused(f"two files beside it, {there[0].name} and {there[1].name}: delete one")
    if beside.is_symlink():
        raise DocumentRefused(f"{beside.name} is a symbolic link: put the file itself there")
    try:
        found = head_yaml(decoded_text(read_bytes(beside, max_bytes=_LONGEST_NOTES)))
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise DocumentRefused(
            f"{beside.name} is not valid YAML: write one key a line, such as audience: staff"
        ) from error
    if not isinstance(found, dict):
        raise DocumentRefused(
            f"{beside.name} must hold keys of a front matter: write one a line, such as audience: staff"
        )
    return {str(key): value for key, value in found.items()}


def parsed(job: Job) -> Reading:
    """Parse a file's content; runs in the process apart.

    Raises:
        DocumentRefused: it cannot be taken.
    """
    rows = {".csv": read_csv, ".jsonl": read_jsonl}
    if job.suffix in rows:
        text = decoded_text(job.raw)
        return rows[job.suffix](text, source=job.source, zone=job.zone, defaults=job.notes)
    if job.suffix == ".json":
        return read_export(job.raw, source=job.source, zone=job.zone, defaults=job.notes)
    pages: dict[str, Callable[[], Page]] = {
        ".pdf": lambda: page_from_pdf(job.raw, job.limits),
        ".docx": lambda: page_from_docx(job.raw, job.limits),
    }
    page = pages.get(job.suffix, lambda: page_from(decoded(job.raw)))()
    return _reading(page, job)


def _without_its_title(markdown: str) -> str:
    """A document whose only heading of the first level is its title needs it in no section's path."""
    if len(_FIRST_LEVEL.findall(markdown)) == 1:
        return _FIRST_LEVEL.sub("", markdown).strip() or markdown
    return markdown


def _reading(page: Page, job: Job) -> Reading:
    """A page as one entry, or with headings and more text than one answer holds as a manual."""
    name = job.source.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    long = len(page.markdown.split()) > _WORDS_OF_AN_ENTRY or job.suffix not in {".html", ".htm"}
    given = {
        "id": slug_of(name),
        "title": (page.title or name.replace("-", " ").replace("_", " "))[:_LONGEST_LINE],
        "kind": "manual" if long else "entry",
        **({"locale": page.locale} if page.locale else {}),
        **({"url": page.url} if page.url else {}),
        **job.notes,
    }
    head = checked(given, where="the file beside it" if job.notes else "what the file says of itself")
    made = made_from(head, _without_its_title(page.markdown), source=job.source, zone=job.zone)
    if not made:
        raise DocumentRefused("no text below its headings: write it, or delete the file")
    return Reading(made, personal_data_allowed=allowed_by(head))
