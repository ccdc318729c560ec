"""Entries and documents in the form in which every engine stores them."""

from datetime import datetime
from typing import Any

from retrieval.documents.markdown import plain_text
from retrieval.model import Entry, EntryId
from retrieval.ports import Document


def entry_of(record: dict[str, Any]) -> Entry:
    """An entry from the JSON object that ``orjson`` makes of one."""
    times = {
        name: datetime.fromisoformat(record[name]) if record[name] else None for name in ("valid_from", "valid_until")
    }
    lists = {name: tuple(record[name]) for name in ("questions", "path", "products")}
    return Entry(**{**record, **times, **lists, "entry_id": EntryId(record["entry_id"])})


def searched_texts(document: Document) -> dict[str, str]:
    """What the lexical arm reads of a document, by field."""
    return {
        "question": " ".join(document.entry.questions),
        "title": " ".join(document.entry.path) or document.entry.title,
        "answer": plain_text(document.entry.answer),
    }
