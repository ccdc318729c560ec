"""Counters of the language models; whoever serves ``/metrics`` serves them, too."""

from prometheus_client import Counter, Gauge, Histogram

CALLS = Counter(
    "answering_llm_calls",
    "Calls of a language model: ok, or why not (overloaded, unavailable, broken, misconfigured, busy, out_of_time).",
    ["model", "outcome"],
)
SECONDS = Histogram(
    "answering_llm_call_duration_seconds", "Time of one call that was answered.", ["model"],
    buckets=(0.25, 0.5, 1, 2, 3, 4, 6, 8, 12),
)  # fmt: skip
TOKENS = Counter("answering_llm_tokens", "Tokens, as the provider counts them: prompt, completion.", ["model", "kind"])
COST = Counter("answering_llm_cost_usd", "What the calls cost by the price table, in US dollars.", ["model"])
CONVERSATIONS = Counter(
    "answering_llm_conversations", "Conversations (per day) that cost something; cost / this is the mean of one."
)
DAY_COST = Gauge("answering_llm_day_cost_usd", "What today's calls cost so far, in US dollars, over all processes.")
