"""What the service counts. Labels are bounded: routes, kinds of error and the model's own intents."""

from dataclasses import dataclass

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

_MILLISECONDS = (0.001, 0.002, 0.004, 0.008, 0.016, 0.032, 0.064, 0.125, 0.25, 0.5, 1, 2, 5)
_TENTHS = tuple(step / 10 for step in range(1, 11))


@dataclass(frozen=True)
class Metrics:
    """The process's instruments, each on the registry that ``/metrics`` shows."""

    registry: CollectorRegistry
    requests: Counter
    latency: Histogram
    errors: Counter
    batch_size: Histogram
    queue_length: Gauge
    decisions: Counter
    confidence: Histogram
    scope_score: Histogram
    model: Gauge


def build_metrics() -> Metrics:
    """Instruments on a registry of their own, so that two apps in one process do not mix."""
    registry = CollectorRegistry()
    return Metrics(
        registry=registry,
        requests=Counter(
            "intent_service_requests", "Requests by route and status.", ["route", "status"], registry=registry
        ),
        latency=Histogram(
            "intent_service_request_seconds",
            "Time in the service.",
            ["route"],
            buckets=_MILLISECONDS,
            registry=registry,
        ),
        errors=Counter("intent_service_errors", "Errors told, by kind.", ["kind"], registry=registry),
        batch_size=Histogram(
            "intent_service_batch_texts",
            "Texts that shared a pass.",
            ["work"],
            buckets=(1, 2, 4, 8, 16, 32, 64),
            registry=registry,
        ),
        queue_length=Gauge("intent_service_queue_texts", "Texts waiting.", ["work"], registry=registry),
        decisions=Counter("intent_service_decisions", "Messages by intent decided.", ["intent"], registry=registry),
        confidence=Histogram(
            "intent_service_confidence", "Confidence of in-scope messages.", buckets=_TENTHS, registry=registry
        ),
        scope_score=Histogram(
            "intent_service_scope_score", "Scope score of messages.", buckets=_TENTHS, registry=registry
        ),
        model=Gauge("intent_service_model", "1 for the version that is loaded.", ["version"], registry=registry),
    )
