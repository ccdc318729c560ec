"""Counters of the tools."""

from prometheus_client import Counter

TOOL_CALLS = Counter(
    "answering_tool_calls", "Tools called: done, refused, bad_arguments, unavailable, unknown.", ["tool", "outcome"]
)
