"""The published API description: what is committed is what runs, and what runs keeps to it.

After a wanted change: ``UPDATE_OPENAPI=1 python -m pytest tests/intent_service/test_openapi.py``.
"""

import json
import os
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import schemathesis
import uvicorn
from hypothesis import HealthCheck, given, settings

from intent_service.bootstrap import build_app, dummy_understanding
from intent_service.settings import IntentServiceSettings

COMMITTED = Path(__file__).parents[2] / "docs" / "intent-service.openapi.json"


class _English:
    def classify(self, _: str) -> tuple[str, float]:
        return "en", 0.9


def _app() -> Any:
    own = IntentServiceSettings(engine="dummy")
    moment = datetime(2026, 11, 23, 10, tzinfo=UTC)
    return build_app(own, load=lambda _: dummy_understanding(own, _English(), lambda: moment))


def test_the_committed_description_is_the_one_that_runs() -> None:
    found = _app().openapi()
    if os.environ.get("UPDATE_OPENAPI"):
        COMMITTED.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    assert json.loads(COMMITTED.read_text(encoding="utf-8")) == found


OPERATIONS = ["POST /classify", "POST /embed", "GET /health", "GET /ready", "GET /info", "POST /models/activate"]


@pytest.fixture(scope="module")
def served() -> Iterator[str]:
    """A real server on a free port, because half of what can go wrong lies below the application."""
    server = uvicorn.Server(uvicorn.Config(_app(), port=0, log_config=None, access_log=False))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)


@pytest.mark.parametrize("operation", OPERATIONS)
def test_whatever_is_sent_gets_an_answer_of_the_described_shape(served: str, operation: str) -> None:
    method, path = operation.split()
    api = schemathesis.openapi.from_url(f"{served}/openapi.json")

    @given(case=api[path][method].as_strategy())
    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    def sent(case: Any) -> None:
        case.call_and_validate()

    sent()


def test_every_described_operation_is_tried() -> None:
    described = {f"{method.upper()} {path}" for path, item in _app().openapi()["paths"].items() for method in item}
    assert described == set(OPERATIONS)
