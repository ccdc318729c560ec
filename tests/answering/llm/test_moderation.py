"""The moderation through OpenAI's own client."""

import openai
import pytest

from answering.llm.adapters.moderation import OpenAiModeration
from tests.llm_server.server import LlmServer


async def test_what_is_flagged_is_named_and_the_rest_passes(server: LlmServer) -> None:
    server.script.flagged = ("nasty",)
    moderation = OpenAiModeration(api_key="k-1", base_url=server.openai_url, seconds=5)
    assert await moderation.objects_to("a nasty answer") == "harassment"
    assert await moderation.objects_to("a kind answer") is None
    await moderation.close()


async def test_a_moderation_that_cannot_be_reached_raises() -> None:
    moderation = OpenAiModeration(api_key="k-1", base_url="http://127.0.0.1:9", seconds=1)
    with pytest.raises(openai.APIError):
        await moderation.objects_to("anything")
    await moderation.close()
