"""What the gateway counts. Labels are bounded."""

from dataclasses import dataclass

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

_SECONDS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


@dataclass(frozen=True)
class Metrics:
    """The process's instruments, each on the registry that ``/metrics`` shows."""

    registry: CollectorRegistry
    requests: Counter
    latency: Histogram
    refusals: Counter
    messages: Counter
    turns: Counter
    answer_seconds: Histogram
    told_late: Counter
    dead_letters: Counter
    leases_lost: Counter
    errands: Counter
    store_failures: Counter
    jobs_failed: Counter
    limits_unavailable: Counter
    handoffs: Counter
    queue_ended: Counter
    streams: Gauge
    waiting: Gauge
    oldest_waiting: Gauge
    erased: Counter
    files_left: Counter
    reviews_read: Counter
    reviews_unavailable: Counter


def build_metrics() -> Metrics:
    """Instruments on a registry of their own, so that two apps in one process do not mix."""
    registry = CollectorRegistry()

    def counter(name: str, told: str, *labels: str) -> Counter:
        return Counter(f"desk_{name}", told, labels, registry=registry)

    def seconds(name: str, told: str, *labels: str) -> Histogram:
        return Histogram(f"desk_{name}", told, labels, buckets=_SECONDS, registry=registry)

    return Metrics(
        registry=registry,
        requests=counter("requests", "Requests by route and status.", "route", "status"),
        latency=seconds("request_seconds", "Time in the gateway, streams left out.", "route"),
        refusals=counter("refusals", "Requests refused, by kind of error.", "kind"),
        messages=counter("messages", "Customers' messages kept, by channel.", "channel"),
        turns=counter("turns", "Tries of a turn at Rasa, by outcome.", "outcome"),
        answer_seconds=seconds("answer_seconds", "From a message's arrival to its stored answer.", "channel"),
        told_late=counter("late_told", "Customers told that their answer takes longer."),
        dead_letters=counter("dead_letters", "Messages or errands given up, by box and kind.", "box", "kind"),
        leases_lost=counter("leases_lost", "Results dropped because another worker had the conversation."),
        errands=counter("errands", "Tries to tell Rasa something, by kind and outcome.", "kind", "outcome"),
        store_failures=counter("store_failures", "Transactions of worker and schedules that the data base did not do."),
        jobs_failed=counter("jobs_failed", "Rounds of worker and schedules that crashed, by which.", "what"),
        limits_unavailable=counter("limits_unavailable", "Checks made in memory because Redis did not answer."),
        handoffs=counter("handoffs", "Calls for a person, by what came of them.", "outcome"),
        queue_ended=counter("queue_ended", "Ends of waiting for a person, by how.", "how"),
        streams=Gauge("desk_streams", "Open event streams.", registry=registry),
        waiting=Gauge(
            "desk_waiting", "Messages, errands, conversations that wait or are dead.", ["what"], registry=registry
        ),
        oldest_waiting=Gauge(
            "desk_oldest_waiting_seconds", "Age of the oldest message that waits for the bot.", registry=registry
        ),
        erased=counter("erased_conversations", "Conversations erased, by why.", "why"),
        files_left=counter("files_left", "Files of erased conversations that could not be deleted; tried hourly."),
        reviews_read=counter("reviews_read", "Conversations taken from Rasa's tracker for review."),
        reviews_unavailable=counter("reviews_unavailable", "Looks at Rasa's tracker that failed."),
    )
