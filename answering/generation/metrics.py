"""Counters of the generated rung."""

from prometheus_client import Counter, Histogram

GENERATED = Counter(
    "answering_generated",
    "Questions given to a language model, by the version of its prompts and what came of it: answered, asked_back, "
    "offered, handed_over, finished, dropped (by the quality check), refused, or why no model answered.",
    ["prompts", "outcome"],
)
REJECTED = Counter("answering_drafts_rejected", "Drafts that the quality check did not let through.", ["reason"])
SECONDS = Histogram(
    "answering_generated_duration_seconds", "Time from the question to the answer or to giving up.",
    buckets=(0.5, 1, 2, 3, 4, 6, 8, 10, 12, 15),
)  # fmt: skip
SUSPECTED = Counter(
    "answering_suspected_injections", "Messages that read like orders to a model and were therefore kept from it."
)
SUMMARIES = Counter(
    "answering_handoff_summaries",
    "Summaries for colleagues that a language model was asked for, by what came of it: written, dropped (by the "
    "check), suspected (orders to a model in the conversation), refused, out_of_time, or why no model answered.",
    ["outcome"],
)
SUMMARY_SECONDS = Histogram(
    "answering_handoff_summary_duration_seconds", "Time until a summary for a colleague was there or given up.",
    buckets=(0.25, 0.5, 1, 2, 3, 4, 6),
)  # fmt: skip
