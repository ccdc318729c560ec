"""Counters of the dialogue process; served at ``/webhooks/rest/metrics``."""

from __future__ import annotations

from prometheus_client import Counter, Histogram

TURNS = Counter("rasa_turns", "Customer messages that ended in a reply, by outcome.", ["outcome"])
TURN_SECONDS = Histogram(
    "rasa_turn_duration_seconds",
    "From a message's arrival in the dialogue process to its reply, understanding included.",
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 16),
)
UNDERSTANDING = Counter(
    "rasa_understanding_requests",
    "Calls of the intent service, by result: ok, timeout, error, open (breaker).",
    ["result"],
)
REFUSED = Counter("rasa_refused_messages", "Messages that the REST door answered by itself, by reason.", ["reason"])
ESCALATIONS = Counter(
    "rasa_escalations", "Messages that the escalation policy took out of a journey, by reason or warning.", ["reason"]
)
