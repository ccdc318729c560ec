"""Counters of the action server; served at ``/metrics``."""

from prometheus_client import Counter, Histogram

ACTION_SECONDS = Histogram(
    "actions_run_duration_seconds",
    "Time an action took, by action and outcome (done, failed).",
    ["action", "outcome"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8),
)
ANSWERS = Counter(
    "actions_answers", "Questions by the rung that answered: approved, entry, generated, did_you_mean, none.", ["rung"]
)
HANDOFFS = Counter(
    "actions_handoffs", "Conversations given to a person, by reason and kind (chat, ticket).", ["reason", "kind"]
)
WARNINGS = Counter(
    "actions_abuse_warnings", "Abusive messages that were warned, by which time: first, second.", ["time"]
)
NEIGHBOUR_FAILURES = Counter("actions_neighbour_failures", "Neighbours that failed during an action.", ["neighbour"])
