"""Entries, drafts and gaps as the console's JSON, and an entry's text for comparing versions."""

from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Any

from desk.gateway.wire import moment
from desk.knowledge_admin.model import Draft, Edition, EntryState, Gap, Past, Tried
from retrieval.export import markdown_of
from retrieval.model import Entry
from retrieval.report import IngestReport


def row_json(edition: Edition) -> dict[str, Any]:
    """A line of the list."""
    entry = edition.entry
    return {
        "id": entry.entry_id,
        "title": entry.title,
        "category": entry.category,
        "product": list(entry.products),
        "audience": entry.audience,
        "locale": entry.locale,
        "valid_from": moment(entry.valid_from),
        "valid_until": moment(entry.valid_until),
        "version": edition.version,
        "updated_at": moment(edition.updated_at),
        "updated_by": edition.updated_by,
        "state": edition.state.value,
        "source": entry.source,
    }


def entry_json(edition: Edition) -> dict[str, Any]:
    """Everything about an entry."""
    entry = edition.entry
    return row_json(edition) | {
        "questions": list(entry.questions),
        "answer": entry.answer,
        "url": entry.url,
        "path": list(entry.path),
    }


def draft_row_json(draft: Draft) -> dict[str, Any]:
    """A draft as a line of the list."""
    body = draft.body
    return {
        "id": draft.id,
        "title": body["title"],
        "category": body["category"],
        "product": body["product"],
        "audience": body["audience"],
        "locale": body["locale"],
        "valid_from": body["valid_from"],
        "valid_until": body["valid_until"],
        "version": draft.version,
        "updated_at": moment(draft.updated_at),
        "updated_by": draft.updated_by,
        "state": EntryState.DRAFT.value,
        "source": "draft",
    }


def draft_json(draft: Draft) -> dict[str, Any]:
    """Everything about a draft."""
    body = draft.body
    return draft_row_json(draft) | {
        "questions": body["questions"],
        "answer": body["answer"],
        "url": body["url"],
        "path": [],
        "conversation_id": draft.conversation_id,
    }


def past_json(past: Past) -> dict[str, Any]:
    return {
        "version": past.version,
        "at": moment(past.at),
        "by": past.by,
        "why": past.why,
        "removed": past.entry is None,
    }


def difference(older: Entry | None, newer: Entry | None) -> list[dict[str, str]]:
    """What changed between two versions, line by line, with the lines that stayed."""
    before, after = _lines(older), _lines(newer)
    lines: list[dict[str, str]] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(a=before, b=after, autojunk=False).get_opcodes():
        if tag == "equal":
            lines += [{"op": " ", "text": text} for text in before[i1:i2]]
            continue
        lines += [{"op": "-", "text": text} for text in before[i1:i2]]
        lines += [{"op": "+", "text": text} for text in after[j1:j2]]
    return lines


def _lines(entry: Entry | None) -> list[str]:
    return markdown_of(entry).splitlines() if entry else []


def tried_json(tried: Tried) -> dict[str, Any]:
    return {
        "entry_id": tried.entry_id,
        "title": tried.title,
        "relevance": round(tried.relevance, 4),
        "lexical": round(tried.lexical, 4),
        "dense": round(tried.dense, 4),
        "would": tried.would,
    }


def gap_json(gap: Gap) -> dict[str, Any]:
    nearest = gap.nearest
    return {
        "question": gap.question,
        "count": gap.count,
        "unhappy": gap.unhappy,
        "examples": [
            {"text": one.text, "conversation_id": one.conversation_id, "at": moment(one.at)} for one in gap.examples
        ],
        "nearest": {"entry_id": nearest.entry_id, "title": nearest.title, "relevance": round(nearest.relevance, 4)}
        if nearest
        else None,
        "draft_id": gap.draft_id,
    }


def report_json(report: IngestReport, names: Sequence[str]) -> dict[str, Any]:
    """An import's report; files are called as they were uploaded."""
    return {
        "added": list(report.added),
        "changed": list(report.changed),
        "unchanged": list(report.unchanged),
        "removed": list(report.removed),
        "refused": [{"file": item.source.rsplit("/", 1)[-1], "reason": item.reason} for item in report.refused],
        "notes": list(report.notes),
        "files": list(names),
    }
