"""The searches that bring up candidates."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.adapters.elasticsearch.records import micros
from retrieval.adapters.elasticsearch.schema import MANIFEST, PARTS, text_field
from retrieval.model import EntryId, SearchFilters, language_of

PER_ARM = 30
_CONSIDERED = 200  # nodes of the vectors' graph that are looked at; more finds more and takes longer

Body = dict[str, Any]


def told(filters: SearchFilters) -> list[Body]:
    """Only entries that may be told, as clauses that score nothing."""
    at = micros(filters.at)
    clauses: list[Body] = [
        {"terms": {"audience": sorted(filters.audience)}},
        {"term": {"language": language_of(filters.locale)}},
        {"range": {"valid_from": {"lte": at}}},
        {"range": {"valid_until": {"gt": at}}},
    ]
    if filters.categories is not None:
        clauses.append({"terms": {"category": sorted(filters.categories)}})
    return clauses


def lexical(text: str, filters: SearchFilters) -> Body:
    """The entries with the highest sum of BM25 over question, title and answer."""
    language = language_of(filters.locale)
    arms = [{"match": {text_field(part, language): {"query": text}}} for part in PARTS]
    query = {"bool": {"should": arms, "minimum_should_match": 1, "filter": told(filters)}}
    return {"size": PER_ARM, "query": query, "_source": False, "track_total_hits": False}


def dense(direction: NDArray[np.float32], filters: SearchFilters) -> Body:
    """The entries with the nearest passage."""
    knn = {
        "field": "passages.vector", "query_vector": np.ascontiguousarray(direction, dtype=np.float32), "k": PER_ARM,
        "num_candidates": _CONSIDERED, "filter": told(filters),
    }  # fmt: skip
    return {"size": PER_ARM, "knn": knn, "_source": False, "track_total_hits": False}


def manifest(*, whole: bool) -> Body:
    """The manifest; asked of the alias, its hit's index names the version in force."""
    query = {"term": {"kind": MANIFEST}}
    return {"size": 1, "query": query, "_source": whole, "track_total_hits": False}


def by_id(entry_id: EntryId, filters: SearchFilters) -> Body:
    """One entry, if it may be told."""
    query = {"bool": {"filter": [{"term": {"entry_id": entry_id}}, *told(filters)]}}
    return {"size": 1, "query": query, "track_total_hits": False}
