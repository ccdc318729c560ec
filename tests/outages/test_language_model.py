"""Each rung of the ladder and each fault of a language model's provider, during a chat with the running system.

The customer is told something true within the time, whatever the provider does.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import pytest

from tests.llm_server.script import Asked, Declines, Fails, Reply, Says, Wants, wants
from tests.llm_server.server import LlmServer
from tests.outages.conftest import System, running

pytestmark = [pytest.mark.server, pytest.mark.slow]

SECONDS = 4.0
ON_THE_WAY_S = 2.0  # Rasa, the search, two busy cores
QUESTION = "is the battery in my headphones covered as long as the rest"
ANSWER = "Batteries are covered for 1 year, also when they came inside a product with 3 years [1]."


@dataclass(frozen=True)
class Chat:
    """The running system and the provider that a test scripts."""

    system: System
    provider: LlmServer

    def metrics(self) -> str:
        return httpx.get(f"{self.system.actions_url}/metrics", timeout=10).text


@pytest.fixture(scope="module", params=["openai", "anthropic"])
def chat(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chat]:
    provider = LlmServer()
    folder = tmp_path_factory.mktemp(f"llm-{request.param}")
    url = provider.openai_url if request.param == "openai" else provider.anthropic_url
    settings = {
        "ANSWERING_LLM": request.param, "ANSWERING_LLM_BASE_URL": url, "ANSWERING_LLM_MODEL": "scripted",
        "ANSWERING_LLM_SECONDS": str(SECONDS), "ANSWERING_LLM_FIRST_WORD_SECONDS": "3",
        "ANSWERING_LLM_LEDGER": str(folder / "spending.db"),
        "ANSWERING_LLM_BREAKER_FAILURES": "1000",  # each fault is to be met, not avoided
    }  # fmt: skip
    try:
        with running(folder, settings, understanding=True) as system:
            yield Chat(system, provider)
    finally:
        provider.stop()


def test_an_entry_that_says_it_is_told_as_it_stands_and_no_model_is_asked(chat: Chat) -> None:
    chat.provider.play()
    (message,) = chat.system.messages("How long is the warranty?", sender="entry")
    assert message["custom"]["rung"] == "entry"
    assert chat.provider.asked == []


def test_what_no_entry_says_outright_is_written_with_its_source_named(chat: Chat) -> None:
    chat.provider.play(Says(ANSWER))
    (message,) = chat.system.messages(QUESTION, sender="written")
    assert message["text"].startswith(
        "Batteries are covered for 1 year, also when they came inside a product with 3 years.\n\nSource:"
    )
    record = message["custom"]
    assert (record["rung"], record["generated"]["prompt"]) == ("generated", "1")
    assert [citation["entry_id"] for citation in record["citations"]] == ["warranty-batteries"]
    assert record["generated"]["model"].endswith("/scripted")


def test_what_a_tool_says_is_told_with_the_tool_as_its_source(chat: Chat) -> None:
    def stock(asked: Asked) -> Reply:
        if not asked.results:
            return wants("check_stock", '{"product": "Tarn kettle"}')
        number = asked.results[0].partition('id="')[2].partition('"')[0]
        return Says(f"The Tarn kettle is in stock [{number}].")

    chat.provider.play(otherwise=stock)
    said = chat.system.say(QUESTION, sender="stock")
    assert said == "The Tarn kettle is in stock.\n\nSource: Tarn kettle"


def test_an_unclear_question_is_asked_back(chat: Chat) -> None:
    chat.provider.play(Says("ASK: Do you mean the battery or the headphones?"))
    assert chat.system.say(QUESTION, sender="back") == "Do you mean the battery or the headphones?"


def test_what_the_material_does_not_hold_is_said_and_a_person_offered(chat: Chat) -> None:
    chat.provider.play(Says("UNKNOWN"))
    (message,) = chat.system.messages(QUESTION, sender="unknown")
    assert "couldn't find that" in message["text"]
    assert message["buttons"][-1]["payload"] == "/request_human"


def test_an_invention_is_sent_back_once_and_then_told_by_nobody(chat: Chat) -> None:
    chat.provider.play(Says("The warranty is 12 years [1]."), Says("The warranty is 11 years [1]."))
    said = chat.system.say(QUESTION, sender="invented")
    assert "Did you mean" in said
    assert "years" not in said
    assert len(chat.provider.asked) == 2


def test_a_proposed_return_is_a_button_into_its_journey_and_nothing_else(chat: Chat) -> None:
    chat.system.say("10046", sender="return")
    chat.system.say("aoife.brennan@example.com", sender="return")
    call = wants("start_refund", '{"order_number": "10026", "reason": "changed_mind"}')
    chat.provider.play(call, Says("OFFER"))
    (message,) = chat.system.messages(QUESTION, sender="return")
    assert message["buttons"] == [{"title": "Start the return", "payload": '/return_item{"order_number":"10026"}'}]
    assert "€184.05" in chat.provider.asked[-1].results[0], "the model was told what a return would bring"


def test_a_stranger_gets_nothing_of_an_order_however_the_model_is_talked_into_it(chat: Chat) -> None:
    leak = Says("Order 10046 holds a Tarn kettle [2].")
    chat.provider.play(wants("look_up_order", '{"order_number": "10046"}'), leak, leak)
    (message,) = chat.system.messages(QUESTION, sender="stranger")
    assert "Tarn" not in message["text"]
    assert "Refused" in chat.provider.asked[1].results[0]
    assert message["buttons"] == [{"title": "Look up my order", "payload": '/order_status{"order_number":"10046"}'}]


FAULTS: dict[str, list[Reply]] = {
    "429 without Retry-After": [Fails("overloaded")] * 6,
    "429 with a long Retry-After": [Fails("overloaded", retry_after=60)] * 6,
    "500": [Fails("error")] * 6,
    "silence": [Fails("silence")] * 6,
    "cut in a word": [Fails("cut")] * 6,
    "ends without an end": [Fails("no_end")] * 6,
    "empty choice": [Fails("empty")] * 6,
    "no protocol": [Fails("not_json")] * 6,
    "wrong key": [Fails("unauthorized")] * 6,
    "refusal": [Declines("model")],
    "content filter": [Declines("filter")],
    "arguments that are no JSON": [wants("check_stock", '{"product": '), Says("It is in stock [4].")] * 2,
    "arguments of another schema": [wants("check_stock", '{"sku": 7}'), Says("It is in stock [4].")] * 2,
    "tools without end": [Wants((("search_knowledge", '{"query": "more"}'),))] * 12,
}


@pytest.mark.parametrize("fault", FAULTS)
def test_whatever_the_provider_does_the_customer_is_told_something_true_in_time(chat: Chat, fault: str) -> None:
    chat.provider.play(*FAULTS[fault])
    started = time.monotonic()
    (message,) = chat.system.messages(QUESTION, sender=f"fault {fault}")
    assert time.monotonic() - started < SECONDS + ON_THE_WAY_S
    assert ("Did you mean" in message["text"]) or ("couldn't find" in message["text"]), message["text"]
    assert message["buttons"]
    assert chat.provider.asked


def test_a_provider_that_recovers_writes_again(chat: Chat) -> None:
    chat.provider.play(*[Fails("overloaded")] * 6)
    assert "1 year" not in chat.system.say(QUESTION, sender="overloaded")
    chat.provider.play(Says(ANSWER))
    assert "1 year" in chat.system.say(QUESTION, sender="again")
    metrics = chat.metrics()
    for name in ("answering_llm_calls_total", "answering_llm_cost_usd_total", "answering_generated_total"):
        assert name in metrics
    assert 'outcome="overloaded"' in metrics


def test_without_a_model_the_nearest_entries_are_offered(tmp_path_factory: pytest.TempPathFactory) -> None:
    with running(tmp_path_factory.mktemp("no-llm"), {}) as system:
        assert "Did you mean" in system.say(QUESTION, sender="off")
