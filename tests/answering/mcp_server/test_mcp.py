"""The tools over the real protocol, by the official client: same rights as for our own model."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import httpx
import httpx2
import pytest
import uvicorn
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

from answering.mcp.server import CONVERSATION_HEADER, build_http_app, build_server
from answering.settings import McpSettings
from answering.tools.bootstrap import build_toolbox
from answering.tools.model import Effect
from backoffice.bootstrap import Backoffice, build_memory_backoffice
from tests.answering.conftest import ScriptedIndex, hit
from tests.outages.conftest import free_port

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
TOKEN = "a-token-of-this-test"


@pytest.fixture
def backoffice() -> Iterator[Backoffice]:
    made = build_memory_backoffice(now=lambda: NOW)
    yield made
    made.close()


@asynccontextmanager
async def serving(index: ScriptedIndex, backoffice: Backoffice, *effects: Effect) -> AsyncIterator[str]:
    toolbox = build_toolbox(index, backoffice, now=lambda: NOW, effects=effects)
    app = build_http_app(build_server(toolbox), McpSettings(token=TOKEN))  # type: ignore[arg-type]
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="critical"))
    task = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0.01)
    yield f"http://127.0.0.1:{port}/mcp"
    server.should_exit = True
    await task


async def call(url: str, name: str, conversation: str = "", **arguments: object) -> str:
    headers = {"authorization": f"Bearer {TOKEN}"} | ({CONVERSATION_HEADER: conversation} if conversation else {})
    async with (
        httpx2.AsyncClient(headers=headers) as http,
        Client(streamable_http_client(url, http_client=http)) as client,
    ):
        result = await client.call_tool(name, arguments)
        return "\n".join(block.text for block in result.content if block.type == "text")


async def names(url: str) -> set[str]:
    async with (
        httpx2.AsyncClient(headers={"authorization": f"Bearer {TOKEN}"}) as http,
        Client(streamable_http_client(url, http_client=http)) as client,
    ):
        return {tool.name for tool in (await client.list_tools()).tools}


async def test_by_default_only_what_reads_is_offered(index: ScriptedIndex, backoffice: Backoffice) -> None:
    async with serving(index, backoffice, "reads") as url:
        offered = await names(url)
        assert {"search_knowledge", "look_up_order", "shipping_to", "check_stock"} <= offered
        assert not offered & {"start_refund", "create_ticket", "hand_over", "finish_chat"}
        assert "no such tool" in await call(url, "start_refund", order_number="10026", reason="faulty")


async def test_the_knowledge_and_the_shop_are_told(index: ScriptedIndex, backoffice: Backoffice) -> None:
    index.hits = (hit("warranty", 0.8, answer="3 years."),)
    async with serving(index, backoffice, "reads") as url:
        assert await call(url, "search_knowledge", query="warranty") == "Source: About warranty (warranty)\n3 years."
        assert "do not fit" in await call(url, "search_knowledge", question="warranty")
    assert index.asked[0][1].audience == frozenset({"public"})


@pytest.mark.parametrize(
    ("name", "arguments", "failed"),
    [
        ("search_knowledge", {"query": "warranty"}, False),
        ("search_knowledge", {"question": "warranty"}, True),
        ("start_refund", {}, True),
    ],
)
async def test_a_call_that_cannot_be_made_is_an_error_of_the_protocol(
    index: ScriptedIndex, backoffice: Backoffice, name: str, arguments: dict[str, object], *, failed: bool
) -> None:
    async with (
        serving(index, backoffice, "reads") as url,
        httpx2.AsyncClient(headers={"authorization": f"Bearer {TOKEN}"}) as http,
        Client(streamable_http_client(url, http_client=http)) as client,
    ):
        assert (await client.call_tool(name, arguments)).is_error is failed


async def test_an_order_is_told_in_the_conversation_that_has_proved_whose_it_is_and_in_no_other(
    index: ScriptedIndex, backoffice: Backoffice
) -> None:
    backoffice.access.verify("c-1", order_number="10046", email="aoife.brennan@example.com", message_id="m-0")
    async with serving(index, backoffice, "reads") as url:
        assert "Tarn kettle" in await call(url, "look_up_order", "c-1", order_number="10046")
        for stranger in ("", "c-2"):
            assert "Tarn" not in await call(url, "look_up_order", stranger, order_number="10046")
        assert "Cresta" not in await call(url, "look_up_order", "c-1", order_number="10043")


async def test_without_the_token_nobody_comes_in(index: ScriptedIndex, backoffice: Backoffice) -> None:
    async with serving(index, backoffice, "reads") as url, httpx.AsyncClient() as http:
        for headers in ({}, {"authorization": "Bearer wrong"}, {"authorization": TOKEN}):
            answer = await http.post(url, json={}, headers=headers)
            assert (answer.status_code, answer.json()["error"]["type"]) == (401, "unauthorized")


def test_a_server_without_a_token_does_not_start(index: ScriptedIndex, backoffice: Backoffice) -> None:
    server = build_server(build_toolbox(index, backoffice, now=lambda: NOW))
    with pytest.raises(ValueError, match="ANSWERING_MCP_TOKEN"):
        build_http_app(server, McpSettings(token="short"))  # type: ignore[arg-type]
