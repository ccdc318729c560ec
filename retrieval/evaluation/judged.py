"""Judged questions: which entries answer them, if any."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import yaml

from retrieval.errors import DocumentRefused
from retrieval.model import Entry, EntryId


@dataclass(frozen=True, slots=True)
class JudgedQuestion:
    """One question and the entries that answer it; none means that no entry does."""

    text: str
    answers: frozenset[EntryId]


def read_judged(path: Path) -> list[JudgedQuestion]:
    """Questions from JSON lines with ``query`` (or ``question``) and ``entry_ids`` (or ``faq_ids``).

    Raises:
        DocumentRefused: a line is not such an object.
    """
    found = []
    for number, record in _records(path):
        text = record.get("query", record.get("question"))
        ids = record.get("entry_ids", record.get("faq_ids"))
        if not isinstance(text, str) or not isinstance(ids, list):
            raise DocumentRefused(f"{path} line {number}: needs query and entry_ids")
        found.append(JudgedQuestion(text, frozenset(EntryId(str(entry_id)) for entry_id in ids)))
    return found


def read_public_faq(folder: Path) -> tuple[list[Entry], list[JudgedQuestion]]:
    """A public set: ``faqs.jsonl`` (faq_id, question, answers) and ``queries.jsonl`` (query, faq_ids)."""
    entries = [
        Entry(
            entry_id=EntryId(record["faq_id"]),
            document_id=record["faq_id"],
            title=record["question"],
            answer="\n\n".join(record["answers"]),
        )
        for _, record in _records(folder / "faqs.jsonl")
    ]
    return entries, read_judged(folder / "queries.jsonl")


def help_texts(folder: Path) -> Iterator[tuple[EntryId, dict[str, Any]]]:
    """Other companies' help texts by name, a file a sector: ``title``, ``text``, sentences and questions by kind."""
    for path in sorted(folder.glob("*.yml")):
        for number, told in enumerate(yaml.safe_load(path.read_text("utf-8"))):
            yield EntryId(f"{path.stem}-{number}"), told


def read_help_texts(folder: Path) -> tuple[list[Entry], list[JudgedQuestion]]:
    """Each help text as an entry, and its questions.

    Those ``not_answered`` have the text's topic, and one detail that it does not cover.
    """
    entries: list[Entry] = []
    questions: list[JudgedQuestion] = []
    for name, told in help_texts(folder):
        entries.append(Entry(entry_id=name, document_id=name, title=told["title"], answer=told["text"]))
        questions += [JudgedQuestion(text, frozenset({name})) for text in told["answered"]]
        questions += [JudgedQuestion(text, frozenset()) for text in told["not_answered"]]
    return entries, questions


def unanswerable(questions: Sequence[JudgedQuestion]) -> list[JudgedQuestion]:
    """The questions that no entry answers."""
    return [question for question in questions if not question.answers]


def _records(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if not line.strip():
                continue
            try:
                record = orjson.loads(line)
            except orjson.JSONDecodeError as error:
                raise DocumentRefused(f"{path} line {number}: not JSON") from error
            if not isinstance(record, dict):
                raise DocumentRefused(f"{path} line {number}: not an object with query and entry_ids")
            yield number, record
