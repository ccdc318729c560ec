"""The rules for Prometheus name figures that exist, and the operator's page says what to do about each alert."""

import importlib
import re
from pathlib import Path

import pytest
import yaml
from prometheus_client import REGISTRY, CollectorRegistry

from desk.metrics import build_metrics
from intent_service.metrics import build_metrics as build_intent_metrics

for _module in (
    "actions.metrics", "answering.generation.metrics", "answering.llm.metrics", "backoffice.adapters.forwarding",
    "backoffice.adapters.mail", "rasa_extensions.metrics", "retrieval.metrics",
):  # fmt: skip
    importlib.import_module(_module)  # each puts its figures on the registry

ROOT = Path(__file__).resolve().parents[2]
GROUPS = yaml.safe_load((ROOT / "deploy" / "alerts.yml").read_text(encoding="utf-8"))["groups"]
RULES = {rule["alert"]: rule for group in GROUPS for rule in group["rules"]}
NOT_OURS = {"up"}
_SELECTOR = re.compile(r"\b([a-z]+(?:_[a-z]+)+|up)(?:\{([^}]*)\})?(?=[\[\s)]|$)")


def figures() -> dict[str, set[str]]:
    """Every figure that can be asked for, with its labels."""
    found: dict[str, set[str]] = {}
    registries: list[CollectorRegistry] = [REGISTRY, build_metrics().registry, build_intent_metrics().registry]
    for registry in registries:
        for collector in list(registry._collector_to_names):
            labels = set(getattr(collector, "_labelnames", ()))
            for name in registry._collector_to_names[collector]:
                found[name] = labels
    return found


@pytest.mark.parametrize("name", sorted(RULES))
def test_an_alert_asks_for_figures_that_there_are(name: str) -> None:
    known = figures()
    asked = [(figure, labels) for figure, labels in _SELECTOR.findall(RULES[name]["expr"]) if figure not in NOT_OURS]
    assert asked or "up{" in RULES[name]["expr"]
    for figure, labels in asked:
        assert figure in known, figure
        assert set(re.findall(r"(\w+)(?:=~|!=|!~|=)", labels)) <= known[figure], figure
    for grouping in re.findall(r"by \((\w+)\)", RULES[name]["expr"]):
        assert all(grouping in known[figure] for figure, _ in asked)


@pytest.mark.parametrize("name", sorted(RULES))
def test_the_operators_page_says_what_to_do_about_an_alert(name: str) -> None:
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    assert f"| `{name}` |" in page
    assert RULES[name]["labels"]["severity"] in {"page", "ticket"}
