"""The real clients against a server that speaks their protocols."""

from collections.abc import AsyncIterator, Iterator

import pytest

from answering.llm.adapters.anthropic import AnthropicModel
from answering.llm.adapters.openai import OpenAiModel
from answering.llm.ports import LanguageModel
from tests.llm_server.server import LlmServer


@pytest.fixture(scope="session")
def _running() -> Iterator[LlmServer]:
    server = LlmServer()
    yield server
    server.stop()


@pytest.fixture
def server(_running: LlmServer) -> LlmServer:
    _running.play()
    return _running


def openai(server: LlmServer) -> OpenAiModel:
    return OpenAiModel(model="gpt", api_key="k-1", base_url=server.openai_url, seconds=5, temperature=0.2)


def anthropic(server: LlmServer) -> AnthropicModel:
    return AnthropicModel(model="claude", api_key="k-1", base_url=server.anthropic_url, seconds=5)


@pytest.fixture(params=["openai", "anthropic"])
async def model(request: pytest.FixtureRequest, server: LlmServer) -> AsyncIterator[LanguageModel]:
    made: LanguageModel = openai(server) if request.param == "openai" else anthropic(server)
    yield made
    await made.close()
