"""Figures of the knowledge room, served by the process that searches."""

from prometheus_client import Counter, Gauge

SEARCHES = Counter(
    "retrieval_engine_answers",
    "Searches and look-ups by what answered: elasticsearch, copy, none.",
    ["engine"],
)
FAILURES = Counter(
    "retrieval_engine_failures",
    "Times Elasticsearch could not be used, by reason: timeout, connection, tls, credentials, rights, answer, breaker, "
    "missing.",
    ["reason"],
)
UP = Gauge("retrieval_elasticsearch_up", "1 while Elasticsearch answered last, 0 while the copy has to.")
