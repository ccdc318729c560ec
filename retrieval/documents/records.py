"""Questions and answers in rows: CSV with a head line, or one JSON object a line. Each bad row is refused by itself."""

import csv
import hashlib
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

import orjson

from retrieval.documents.cleaning import slug_of
from retrieval.documents.entries import allowed_by, made_from
from retrieval.documents.front_matter import checked
from retrieval.documents.model import Reading
from retrieval.errors import DocumentRefused
from retrieval.model import Entry

_SEPARATORS = ",;\t"
_SEVERAL = "|"
_LISTS = ("questions", "product")
_MOST_REFUSALS = 50
_LONGEST_CELL = 200_000
_LONGEST_HEAD = 200


@dataclass(slots=True)
class Collected:
    """What the rows read so far have given."""

    entries: list[Entry] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    allowed: set[str] = field(default_factory=set)
    owners: dict[str, str] = field(default_factory=dict)

    def refuse(self, where: str, reason: str) -> None:
        """Remember why the row at ``where`` is left out; beyond fifty only that there are more."""
        if len(self.refused) == _MOST_REFUSALS:
            self.refused.append(f"{where} and perhaps more: only the first {_MOST_REFUSALS} are listed")
        elif len(self.refused) < _MOST_REFUSALS:
            self.refused.append(f"{where}: {reason}")

    def take(self, head: Mapping[str, object], body: str, *, where: str, source: str, zone: ZoneInfo) -> None:
        """Add one document, or refuse it."""
        try:
            parsed = checked(head, where="columns")
            made = made_from(parsed, body, source=source, zone=zone) if body.strip() else ()
        except DocumentRefused as reason:
            self.refuse(where, str(reason))
            return
        if not made or parsed.id in self.owners:
            taken = f"the id {parsed.id} is already used by {self.owners.get(parsed.id)}: give it another id"
            self.refuse(where, taken if made else "no answer: give it, or take the row out")
            return
        self.entries += made
        self.owners[parsed.id] = where
        self.allowed |= allowed_by(parsed)

    def reading(self, *, notes: Iterable[str] = ()) -> Reading:
        """All of it.

        Raises:
            DocumentRefused: not one row could be taken.
        """
        if not self.entries:
            raise DocumentRefused(self.refused[0] if self.refused else "no entries in it")
        return Reading(tuple(self.entries), tuple(self.refused), tuple(notes), frozenset(self.allowed))


def read_csv(text: str, *, source: str, zone: ZoneInfo, defaults: Mapping[str, object]) -> Reading:
    """Rows with at least the columns ``question`` and ``answer``; the others are those of the front matter.

    Several questions or products of one row are separated by ``|``.

    Raises:
        DocumentRefused: no such columns, or no usable row.
    """
    csv.field_size_limit(_LONGEST_CELL)
    head_line = text.split("\n", 1)[0]
    separator = max(_SEPARATORS, key=head_line.count)
    rows = csv.reader(io.StringIO(text), delimiter=separator, strict=True)
    collected, begins = Collected(), 1
    try:
        names = [name.strip().lower() for name in next(rows, [])]
        if not {"question", "answer"} <= set(names):
            found = ", ".join(names)[:_LONGEST_HEAD] or "nothing"
            raise DocumentRefused(
                f"the first line must name the columns, among them question and answer; it says: {found}"
            )
        begins = rows.line_num + 1
        for row in rows:
            where, begins = f"line {begins}", rows.line_num + 1
            if len(row) > len(names):
                collected.refuse(where, "more cells than columns: put texts with the separator between quotation marks")
            elif any(cell.strip() for cell in row):
                record = {name: cell.strip() for name, cell in zip(names, row, strict=False) if cell.strip()}
                _take(collected, _unfolded(record), where, source=source, zone=zone, defaults=defaults)
    except csv.Error as error:
        collected.refuse(
            f"from line {begins}", f"not readable as CSV ({error}): see whether a quotation mark is missing"
        )
    return collected.reading()


def read_jsonl(text: str, *, source: str, zone: ZoneInfo, defaults: Mapping[str, object]) -> Reading:
    """Objects with at least ``question`` and ``answer``, one a line; the other keys are those of the front matter.

    Raises:
        DocumentRefused: no usable line.
    """
    collected = Collected()
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            record = orjson.loads(line)
        except orjson.JSONDecodeError:
            collected.refuse(f"line {number}", "not JSON: mend the line")
            continue
        if isinstance(record, dict):
            _take(collected, record, f"line {number}", source=source, zone=zone, defaults=defaults)
        else:
            collected.refuse(f"line {number}", "not an object with question and answer")
    return collected.reading()


def _unfolded(record: Mapping[str, str]) -> dict[str, object]:
    return {
        name: [part.strip() for part in value.split(_SEVERAL) if part.strip()] if name in _LISTS else value
        for name, value in record.items()
    }


def _take(
    collected: Collected,
    record: Mapping[str, object],
    where: str,
    *,
    source: str,
    zone: ZoneInfo,
    defaults: Mapping[str, object],
) -> None:
    question, answer = record.get("question"), record.get("answer")
    if not isinstance(question, str) or not isinstance(answer, str) or not question.strip():
        collected.refuse(where, "needs question and answer: give both, or take it out")
        return
    rest = {name: value for name, value in record.items() if name not in {"question", "answer"}}
    given = {"id": _id_of(question, source), "title": question, **defaults, **rest}
    collected.take(given, answer, where=where, source=source, zone=zone)


def _id_of(question: str, source: str) -> str:
    """The same for the same question of the same file, wherever in the file it stands."""
    words = " ".join(question.lower().split())
    return f"{_file_slug(source)}-{hashlib.blake2b(words.encode(), digest_size=5).hexdigest()}"


def _file_slug(source: str) -> str:
    return slug_of(source.rsplit("/", 1)[-1].rsplit(".", 1)[0])


def documents_of(entries: Iterable[Entry]) -> Iterator[tuple[str, list[Entry]]]:
    """The entries by document, in order: sections of one manual belong together, rows do not."""
    together: dict[str, list[Entry]] = {}
    for entry in entries:
        together.setdefault(entry.document_id, []).append(entry)
    yield from together.items()
