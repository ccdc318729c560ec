"""The client of the intent service against a server that answers, dies, stalls and talks nonsense."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest
from aiohttp import web
from neighbours import Neighbour

from contracts.nlu import FALLBACK_INTENT, parse_data_from
from rasa_extensions.understanding import FAILURES_THAT_OPEN_THE_BREAKER, IntentService


async def test_the_services_judgement_becomes_parse_data(intents: Neighbour) -> None:
    understood = await IntentService(intents.url, timeout_s=2).parse("ask me")
    assert understood["intent"] == {"name": "ask", "confidence": 0.98}
    assert understood["nlu_status"] == "ok"


def test_a_caller_without_event_loop_gets_the_same(intents: Neighbour) -> None:
    assert IntentService(intents.url, timeout_s=2).parse_blocking("tell me")["intent"]["name"] == "tell"


def test_what_the_intent_service_promises_is_accepted(golden_classification: dict[str, Any]) -> None:
    result = golden_classification["response"]["results"][0]
    understood = parse_data_from("some text", result)
    assert {"text", "intent", "entities", "intent_ranking", "segments", "urgency"} <= understood.keys()


@pytest.mark.parametrize("body", ["not json", "[]", '{"results": []}', '{"results": [{"intent": 3}]}', "null"])
async def test_nonsense_from_the_service_is_taken_as_down(intents: Neighbour, body: str) -> None:
    async def nonsense(_: web.Request) -> web.Response:
        return web.Response(text=body, content_type="application/json")

    intents.handler = nonsense
    understood = await IntentService(intents.url, timeout_s=2).parse("hello")
    assert (understood["intent"]["name"], understood["nlu_status"]) == (FALLBACK_INTENT, "down")


async def test_a_service_that_trickles_is_cut_off_in_total(intents: Neighbour) -> None:
    async def trickle(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        for _ in range(50):
            await response.write(b" ")
            await asyncio.sleep(0.1)
        return response

    intents.handler = trickle
    started = time.monotonic()
    understood = await IntentService(intents.url, timeout_s=0.3).parse("hello")
    assert understood["nlu_status"] == "down"
    assert time.monotonic() - started < 4, "a timeout per read would have waited for all 50 bytes"


async def test_after_repeated_failures_the_service_is_left_alone(intents: Neighbour) -> None:
    async def error(_: web.Request) -> web.Response:
        return web.Response(status=500)

    intents.handler = error
    client = IntentService(intents.url, timeout_s=2)
    for _ in range(FAILURES_THAT_OPEN_THE_BREAKER + 5):
        await client.parse("hello")
    assert len(intents.calls) == FAILURES_THAT_OPEN_THE_BREAKER
