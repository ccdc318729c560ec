"""A small bot, trained once, with an action server and an intent service that tests can break."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

ROOT = Path(__file__).resolve().parents[2]
# Rasa's environment has no installed package of ours: the root and the neighbours beside this file.
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

import rasa  # noqa: E402
from neighbours import Neighbour, classified  # noqa: E402
from rasa.core.lock_store import InMemoryLockStore  # noqa: E402
from rasa.core.nlg import NaturalLanguageGenerator  # noqa: E402
from rasa.core.processor import MessageProcessor  # noqa: E402
from rasa.core.tracker_store import FailSafeTrackerStore, SQLTrackerStore  # noqa: E402
from rasa.shared.core.domain import Domain  # noqa: E402
from rasa.utils.endpoints import EndpointConfig  # noqa: E402

from rasa_extensions import turns  # noqa: E402
from rasa_extensions.understanding import IntentService  # noqa: E402

BOT = Path(__file__).parent / "bot"


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> str:
    out = tmp_path_factory.mktemp("model")
    result = rasa.train(str(BOT / "domain.yml"), str(BOT / "config.yml"), [str(BOT / "rules.yml")], str(out))
    assert result.model is not None
    return str(result.model)


@pytest.fixture
def actions() -> Iterator[Neighbour]:
    """Answers every action with one message and no events."""

    async def handler(_: web.Request) -> web.Response:
        return web.json_response({"events": [], "responses": [{"text": "Done.", "custom": {"kind": "answer"}}]})

    server = Neighbour("/webhook", handler)
    yield server
    server.stop()


@pytest.fixture
def intents() -> Iterator[Neighbour]:
    """Classifies a text by its first word."""

    async def handler(request: web.Request) -> web.Response:
        return web.json_response(classified((await request.json())["text"].split()[0]))

    server = Neighbour("/classify", handler)
    yield server
    server.stop()


@pytest.fixture
def processor(model: str, actions: Neighbour, intents: Neighbour, monkeypatch: Any, tmp_path: Path) -> Any:
    """Rasa's processor with a real SQLite tracker store and both neighbours."""
    turns.install()
    monkeypatch.setattr(turns, "shared_intent_service", lambda: client)
    client = IntentService(intents.url, timeout_s=0.4)
    domain = Domain.from_file(str(BOT / "domain.yml"))
    store = FailSafeTrackerStore(SQLTrackerStore(domain=domain, dialect="sqlite", db=str(tmp_path / "tracker.db")))
    return MessageProcessor(
        model,
        store,
        InMemoryLockStore(),
        NaturalLanguageGenerator.create(None, domain),
        EndpointConfig(f"{actions.url}/webhook"),
    )


@pytest.fixture(scope="session")
def golden_classification() -> dict[str, Any]:
    """What the intent service's own tests say it answers."""
    path = ROOT / "contracts" / "golden" / "classify_question.json"
    return dict(json.loads(path.read_text("utf-8")))
