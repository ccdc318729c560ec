"""The JSON export of a help centre in Zendesk's article format."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

import orjson
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from retrieval.documents.cleaning import safe_link, slug_of
from retrieval.documents.html import page_from
from retrieval.documents.model import Reading
from retrieval.documents.records import Collected
from retrieval.errors import DocumentRefused

_LONG = 220  # words; an article longer than this and with headings is read like a manual
_LONGEST_LINE = 300
_AUDIENCE = {"everybody": "public", "signed_in_users": "customer", "staff": "staff"}


class Article(BaseModel):
    """What is read of one article; the export holds more."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: int | str
    title: str = Field(min_length=1)
    body: str | None = None
    locale: str = "en"
    html_url: str | None = None
    label_names: tuple[str, ...] = ()
    draft: bool = False
    section: str | dict[str, Any] | None = None
    section_id: int | str | None = None
    updated_at: str | None = None
    user_segment_id: int | str | None = None


def read_export(raw: bytes, *, source: str, zone: ZoneInfo, defaults: Mapping[str, object]) -> Reading:
    """The published articles: an object with ``articles`` (and ``sections``, ``user_segments``) or a bare list.

    An article for some users only is told to staff alone, unless the export says who its segment is.

    Raises:
        DocumentRefused: not such an export, or without a usable article.
    """
    try:
        export = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise DocumentRefused("not JSON: export it anew") from error
    articles = export if isinstance(export, list) else export.get("articles") if isinstance(export, dict) else None
    if not isinstance(articles, list):
        raise DocumentRefused("not a help centre's export: it has no list of articles; save what Zendesk's API gives")
    tables = export if isinstance(export, dict) else {}
    names, segments = _by_id(tables, "sections", "name"), _by_id(tables, "user_segments", "user_type")
    collected, drafts = Collected(), 0
    for number, record in enumerate(articles, start=1):
        where = f"article {record['id'] if isinstance(record, dict) and 'id' in record else f'number {number}'}"
        if not isinstance(record, dict):
            collected.refuse(where, "not an article: export it anew")
            continue
        try:
            article = Article.model_validate(record)
            if article.draft:
                drafts += 1
                continue
            head, body = _document(article, names, segments, defaults)
        except ValidationError as error:
            fault = error.errors(include_input=False, include_url=False)[0]
            collected.refuse(where, f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}; mend the article")
        except DocumentRefused as reason:
            collected.refuse(where, str(reason))
        else:
            collected.take(head, body, where=where, source=source, zone=zone)
    notes = [f"{source}: {drafts} drafts left out"] if drafts else []
    if tables.get("next_page"):
        notes.append(f"{source}: only one page of the export (it names a next_page); save the others beside it")
    return collected.reading(notes=notes)


def _by_id(tables: Mapping[str, Any], table: str, column: str) -> dict[str, str]:
    rows = tables.get(table)
    found = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    return {str(row.get("id")): str(row.get(column)) for row in found}


def _document(
    article: Article, names: Mapping[str, str], segments: Mapping[str, str], defaults: Mapping[str, object]
) -> tuple[dict[str, object], str]:
    url = safe_link(article.html_url or "")
    page = page_from(article.body or "", base=url)
    long = len(page.markdown.split()) > _LONG and "\n#" in f"\n{page.markdown}"
    segment = str(article.user_segment_id) if article.user_segment_id is not None else None
    head: dict[str, object] = {
        "id": slug_of(f"zendesk-{article.id}-{article.locale}"),
        "title": " ".join(article.title.split())[:_LONGEST_LINE],
        "kind": "manual" if long else "entry",
        "locale": article.locale,
        "audience": "public" if segment is None else _AUDIENCE.get(segments.get(segment, ""), "staff"),
        "questions": [label for label in article.label_names if len(label.split()) > 1],
        "category": _section(article, names),
        "updated": article.updated_at[:10] if article.updated_at else None,
        "url": url if url and url.startswith("https://") else None,
    }
    return {**head, **defaults}, page.markdown


def _section(article: Article, names: Mapping[str, str]) -> str:
    named = article.section.get("name") if isinstance(article.section, dict) else article.section
    return slug_of(str(named or names.get(str(article.section_id)) or "general"))
