"""Asks the intent service what a message means: one kept-alive session, a total time limit, a breaker.

The session lives on an event loop of its own in a daemon thread. Rasa calls NLU components synchronously on
its event loop, where a slow service would hold up every conversation; turns therefore await ``parse`` and the
component (``/model/parse``, ``rasa shell nlu``) waits for it with ``parse_blocking``.
"""

from __future__ import annotations

import asyncio
import functools
import logging
import os
import threading
from typing import Any

import aiohttp
import pybreaker

from contracts.nlu import FALLBACK_INTENT, parse_data_from, parse_data_when_down
from contracts.questions import asks
from contracts.sureness import SURE
from rasa_extensions.metrics import UNDERSTANDING

logger = logging.getLogger(__name__)

DEFAULT_URL = "http://127.0.0.1:8001"
DEFAULT_TIMEOUT_S = 0.4
FAILURES_THAT_OPEN_THE_BREAKER = 3
SECONDS_THE_BREAKER_STAYS_OPEN = 5

NO_QUESTIONS = frozenset({"affirm", "deny", "goodbye", "praise", "stop", "thank"})
"""Intents that nobody has who asks something: "so what now?" is no goodbye, "can I refuse it" no wish to stop."""


ABOUT_THE_BOT = frozenset({"ask_capabilities", "ask_if_bot", "greet", "how_are_you"})
"""Intents of small talk: who names an order wants something, so an unsure one of these is open then."""


class IntentService:
    """Client of ``POST /classify``. Never raises: a message that could not be judged is taken as a question."""

    def __init__(self, url: str, timeout_s: float) -> None:
        self._url = f"{url.rstrip('/')}/classify"
        self._timeout = aiohttp.ClientTimeout(total=timeout_s)
        self._breaker = pybreaker.CircuitBreaker(
            fail_max=FAILURES_THAT_OPEN_THE_BREAKER, reset_timeout=SECONDS_THE_BREAKER_STAYS_OPEN
        )
        self._session: aiohttp.ClientSession | None = None
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, name="intent-service-client", daemon=True).start()

    @classmethod
    def from_environment(cls) -> IntentService:
        """``INTENT_SERVICE_URL`` and ``INTENT_SERVICE_TIMEOUT_S`` (seconds, all of the call) say where and how long."""
        return cls(
            os.environ.get("INTENT_SERVICE_URL") or DEFAULT_URL,
            float(os.environ.get("INTENT_SERVICE_TIMEOUT_S") or DEFAULT_TIMEOUT_S),
        )

    async def parse(self, text: str) -> dict[str, Any]:
        """Rasa's ``parse_data`` for ``text``; ``nlu_status`` is ``down`` when the service gave no usable answer."""
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(self._ask(text), self._loop))

    def parse_blocking(self, text: str) -> dict[str, Any]:
        """The same for callers without an event loop."""
        return asyncio.run_coroutine_threadsafe(self._ask(text), self._loop).result()

    async def _ask(self, text: str) -> dict[str, Any]:
        try:
            with self._breaker.calling():
                parse_data = await self._post(text)
        except pybreaker.CircuitBreakerError:
            return self._down(text, "open")
        except asyncio.TimeoutError:
            return self._down(text, "timeout")
        except (aiohttp.ClientError, ValueError, KeyError, TypeError, IndexError):
            return self._down(text, "error")
        UNDERSTANDING.labels("ok").inc()
        return parse_data

    async def _post(self, text: str) -> dict[str, Any]:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=self._timeout)
        async with self._session.post(self._url, json={"text": text}) as response:
            response.raise_for_status()
            body = await response.json()
        return opened(parse_data_from(text, body["results"][0]))

    @staticmethod
    def _down(text: str, result: str) -> dict[str, Any]:
        UNDERSTANDING.labels(result).inc()
        logger.warning("understanding.failed result=%s", result)
        return parse_data_when_down(text)


def opened(parse_data: dict[str, Any]) -> dict[str, Any]:
    """``parse_data`` whose intent is taken as open where the words rule it out.

    What only answers or ends something stands in no question; small talk names no order.
    """
    intent = parse_data["intent"]
    unsure = intent["confidence"] < SURE
    no_questions = NO_QUESTIONS | {"greet"} if unsure else NO_QUESTIONS
    asked = intent["name"] in no_questions and asks(parse_data["text"])
    names_an_order = any(entity["entity"] == "order_number" for entity in parse_data["entities"])
    small_talk = unsure and names_an_order and intent["name"] in ABOUT_THE_BOT
    return {**parse_data, "intent": {**intent, "name": FALLBACK_INTENT}} if asked or small_talk else parse_data


@functools.lru_cache(maxsize=1)
def shared_intent_service() -> IntentService:
    """The process's one client, made at its first use so that importing opens nothing."""
    return IntentService.from_environment()
