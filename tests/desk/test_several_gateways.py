"""Several gateways: listeners at one hear of what another did, limits are counted together in Redis."""

import asyncio
import os
from typing import Any
from uuid import uuid4

import pytest
from conftest import Running, Talk, running

from desk.errors import TooMany
from desk.gateway.hub import NEWER
from desk.metrics import build_metrics
from desk.web.limits import Limiter


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_who_listens_at_one_gateway_hears_what_another_stored(gateway: Running, settings: Any) -> None:
    talk = await gateway.begin()
    async with running(settings, gateway.dialogue, gateway.clock) as second, asyncio.timeout(10):
        listener = second.desk.hub.listen(talk.id)
        heard = asyncio.ensure_future(listener.get())
        while not heard.done():  # the second one's LISTEN takes a moment to stand
            await Talk(gateway.http, talk.id, talk.token).say("hello")
            await asyncio.wait({heard}, timeout=0.3)
        assert heard.result() == NEWER
        await gateway.agent("reply", talk.id, text="A person is here.")
        while (event := await listener.get()) is not None:
            if event.conversation is not None and event.conversation.agent_name == "Niamh":
                break


@pytest.fixture
def redis_url() -> str:
    url = os.environ.get("TEST_REDIS_URL")
    if not url:
        pytest.skip("no Redis: TEST_REDIS_URL is not set")
    return url


async def test_two_gateways_count_together_in_redis(redis_url: str) -> None:
    first, second = (Limiter({"m": "3/minute"}, redis_url=redis_url, metrics=build_metrics()) for _ in range(2))
    key = uuid4().hex
    for limiter in (first, second, first):
        await limiter.check("m", key)
    with pytest.raises(TooMany) as refused:
        await second.check("m", key)
    assert 1 <= refused.value.retry_after <= 60
    for limiter in (first, second):
        await limiter.close()


async def test_without_redis_limits_still_hold(unused_tcp_port: int) -> None:
    metrics = build_metrics()
    limiter = Limiter({"m": "2/minute"}, redis_url=f"redis://127.0.0.1:{unused_tcp_port}", metrics=metrics)
    for _ in range(2):
        await limiter.check("m", "anna")
    with pytest.raises(TooMany):
        await limiter.check("m", "anna")
    assert metrics.registry.get_sample_value("desk_limits_unavailable_total") == 3
    await limiter.close()
