"""How a version of the knowledge lies in Elasticsearch: its name, its mapping, its analyzers.

One index a version, never changed once it is complete. Its documents, told apart by ``kind``:

- ``entry``: the texts BM25 reads (one field a language and part), one nested vector a passage, what filters look at,
  and the ``payload`` that makes the entry's candidate: entry, passages and their exact vectors
- ``words``: a piece of the vocabulary with its vectors; ``manifest``: what there is, and how rare each word is
"""

import re
import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Any

FORMAT = 1
"""Raised whenever what a version holds changes; an older one is rebuilt by the next ingest."""

PARTS = ("question", "title", "answer")
MANIFEST = "manifest"
_VERSION = r"-\d{8}t\d{6}-[0-9a-f]{6}"
_STEMMERS = {
    "de": "german", "en": "english", "es": "spanish", "fr": "french", "it": "italian", "nl": "dutch",
    "pt": "portuguese",
}  # fmt: skip
_CJK = {"ja", "ko", "zh"}


def version_name(alias: str, now: datetime) -> str:
    """A fresh index name; later ones sort after earlier ones."""
    return f"{alias}-{now:%Y%m%dt%H%M%S}-{secrets.token_hex(3)}"


def is_version(index: str, alias: str) -> bool:
    """Whether an index is a version of this alias, so that it may be cleared away; no other index ever may."""
    return re.fullmatch(re.escape(alias) + _VERSION, index) is not None


def text_field(part: str, language: str) -> str:
    """The field that holds one part of an entry's text in one language."""
    return f"{part}_{language}"


def settings(languages: Iterable[str]) -> dict[str, Any]:
    """An index's settings: one shard (a knowledge base is small), analyzers for the languages there are."""
    analyzers: dict[str, Any] = {}
    filters: dict[str, Any] = {"possessive": {"type": "stemmer", "language": "possessive_english"}}
    for language in languages:
        analyzers[f"text_{language}"] = _analyzer(language)
        if language in _STEMMERS:
            filters[f"stem_{language}"] = {"type": "stemmer", "language": _STEMMERS[language]}
    return {
        "number_of_shards": 1,
        "auto_expand_replicas": "0-1",
        "refresh_interval": "-1",  # it becomes visible as a whole, once
        "analysis": {"analyzer": analyzers, "filter": filters},
    }


def _analyzer(language: str) -> dict[str, Any]:
    """The language's stemmer without its stop words: BM25 weighs those down by itself, and "how" can matter."""
    if language in _CJK:
        return {"type": "cjk"}
    steps = ["lowercase"]
    if language == "en":
        steps.append("possessive")
    if language in _STEMMERS:
        steps.append(f"stem_{language}")
    return {"type": "custom", "tokenizer": "standard", "filter": [*steps, "asciifolding"]}


def mapping(languages: Iterable[str], dimensions: int | None) -> dict[str, Any]:
    """An index's mapping; without ``dimensions`` it has no vectors."""
    keyword, number = {"type": "keyword"}, {"type": "long"}
    properties: dict[str, Any] = {
        "kind": keyword, "entry_id": keyword, "audience": keyword, "language": keyword, "category": keyword,
        "ordinal": number, "valid_from": number, "valid_until": number,
        "payload": {"type": "object", "enabled": False},
    }  # fmt: skip
    for language in languages:
        analyzed = {"type": "text", "analyzer": f"text_{language}", "index_options": "freqs"}
        properties |= {text_field(part, language): analyzed for part in PARTS}
    if dimensions is not None:
        vector = {
            "type": "dense_vector", "dims": dimensions, "index": True, "similarity": "cosine",
            "index_options": {"type": "int8_hnsw"},
        }  # fmt: skip
        properties["passages"] = {"type": "nested", "properties": {"vector": vector}}
    # The payload says it all again, exactly; what only serves searching need not be kept twice.
    return {"dynamic": "strict", "_source": {"includes": ["payload", "entry_id"]}, "properties": properties}
