"""Counters of the answering room; whoever serves ``/metrics`` serves them, too."""

from prometheus_client import Counter

CACHE = Counter(
    "answering_cache_lookups", "Questions looked up among the answers kept ready: hit, miss, outdated.", ["result"]
)
APPROVED = Counter("answering_approved_answers", "Approved answers told, by how they matched: same, near.", ["match"])
