"""Both clients on their wire: what comes through, and how each fault of a provider is called here."""

import pytest

from answering.llm.errors import (
    LanguageModelError,
    ModelAnswerBroken,
    ModelMisconfigured,
    ModelOverloaded,
    ModelUnavailable,
)
from answering.llm.model import Event, Finished, Message, Prompt, TextDelta, ToolCall, ToolSpec, Usage
from answering.llm.ports import LanguageModel
from tests.llm_server.script import Declines, Fails, Says, Wants
from tests.llm_server.server import LlmServer

TOOL = ToolSpec(
    "look_up", "Looks up.", {"type": "object", "properties": {}, "required": [], "additionalProperties": False}
)
PROMPT = Prompt("Be brief.", (Message("user", "Hello"),), (TOOL,))


async def events(model: LanguageModel, prompt: Prompt = PROMPT) -> list[Event]:
    return [event async for event in model.stream(prompt)]


async def test_a_text_comes_in_pieces_and_ends_with_what_it_took(model: LanguageModel, server: LlmServer) -> None:
    server.play(Says("It takes two to three days, [1].", prompt_tokens=90, completion_tokens=12))
    *pieces, last = await events(model)
    assert len(pieces) > 3
    assert "".join(piece.text for piece in pieces if isinstance(piece, TextDelta)) == "It takes two to three days, [1]."
    assert last == Finished("stop", Usage(90, 12))
    assert (server.asked[0].system, server.asked[0].key, server.asked[0].tools) == ("Be brief.", "k-1", ["look_up"])


async def test_tool_calls_come_whole_and_their_results_go_back(model: LanguageModel, server: LlmServer) -> None:
    server.play(Wants((("look_up", '{"number": "10046"}'), ("look_up", "{}"))), Says("There."))
    first, second, last = await events(model)
    assert isinstance(first, ToolCall)
    assert isinstance(second, ToolCall)
    assert (first.name, first.arguments) == ("look_up", '{"number": "10046"}')
    assert isinstance(last, Finished)
    assert last.reason == "tool_calls"
    turn = (
        *PROMPT.messages,
        Message("assistant", "", (first, second)),
        Message("tool", "on its way", answers=first.call_id),
        Message("tool", "nothing", answers=second.call_id),
    )
    await events(model, Prompt("Be brief.", turn, (TOOL,)))
    assert server.asked[1].results == ["on its way", "nothing"]


async def test_arguments_that_are_no_json_come_as_they_were_written(model: LanguageModel, server: LlmServer) -> None:
    server.play(Wants((("look_up", '{"number": 10046'),)), Says("There."))
    call = (await events(model))[0]
    assert isinstance(call, ToolCall)
    assert call.arguments == '{"number": 10046'
    answered = (*PROMPT.messages, Message("assistant", "", (call,)), Message("tool", "bad", answers=call.call_id))
    assert await events(model, Prompt("", answered, (TOOL,)))


async def test_a_refusal_is_an_end_of_its_own(model: LanguageModel, server: LlmServer) -> None:
    server.play(Declines("model"))
    (last,) = await events(model)
    assert isinstance(last, Finished)
    assert last.reason == "refused"


async def test_a_content_filter_is_a_refusal(server: LlmServer) -> None:
    from tests.answering.llm.conftest import openai  # noqa: PLC0415 - only OpenAI has one

    server.play(Declines("filter"))
    model = openai(server)
    assert [event.reason for event in await events(model) if isinstance(event, Finished)] == ["refused"]
    await model.close()


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fails("overloaded"), ModelOverloaded),
        (Fails("error"), ModelUnavailable),
        (Fails("cut"), ModelUnavailable),
        (Fails("no_end"), ModelAnswerBroken),
        (Fails("empty"), ModelAnswerBroken),
        (Fails("not_json"), ModelUnavailable),
        (Fails("unauthorized"), ModelMisconfigured),
    ],
)
async def test_each_fault_has_its_name(
    model: LanguageModel, server: LlmServer, fault: Fails, error: type[LanguageModelError]
) -> None:
    server.play(fault)
    with pytest.raises(error) as raised:
        await events(model)
    assert "Hello" not in str(raised.value), "the reason goes into the log, the customer's words must not"


async def test_the_pause_a_provider_asks_for_is_known(model: LanguageModel, server: LlmServer) -> None:
    server.play(Fails("overloaded", retry_after=7))
    with pytest.raises(ModelOverloaded) as raised:
        await events(model)
    assert raised.value.retry_after == 7


async def test_nobody_listening_is_an_unavailable_model(model: LanguageModel) -> None:
    model._client.base_url = "http://127.0.0.1:9/v1/"  # type: ignore[attr-defined]
    with pytest.raises(ModelUnavailable):
        await events(model)
