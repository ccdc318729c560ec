"""Which earlier question a follow-up refers to."""

from typing import Any

import pytest

from actions.fallback import ActionFallback
from actions.flows import ActionStartFlow
from actions.questions import ActionAnswerQuestion
from answering.model import Answer, Citation, Suggestion
from tests.actions.conftest import Run, ScriptedLadder
from tests.actions.test_gaps import bot, user

OTHER: dict[str, Any] = {"event": "bot", "text": "Hello."}
SESSION: dict[str, Any] = {"event": "session_started"}
WARRANTY = [user("how long is the warranty"), bot("entry")]


@pytest.mark.parametrize(
    ("before", "refers_to"),
    [
        (WARRANTY, "how long is the warranty"),
        ([*WARRANTY, user("and for lamps?"), bot("entry")], "how long is the warranty"),
        ([*WARRANTY, user("do you deliver to Spain"), bot("entry")], "do you deliver to Spain"),
        ([*WARRANTY, user("thanks"), OTHER], "how long is the warranty"),
        ([*WARRANTY, *[user("hm"), OTHER] * 3], None),
        ([*WARRANTY, SESSION], None),
        ([user("hello"), OTHER], None),
        ([user('/ask_entry{"entry_id": "a"}'), bot("entry")], None),
        ([], None),
    ],
)
async def test_a_follow_up_refers_to_the_last_whole_question_that_was_answered(
    run: Run, ladder: ScriptedLadder, before: list[dict[str, Any]], refers_to: str | None
) -> None:
    await run(ActionFallback, "and for headphones?", before=before)
    assert ladder.asked[0].refers_to == refers_to


async def test_a_whole_question_refers_to_nothing(run: Run, ladder: ScriptedLadder) -> None:
    await run(ActionAnswerQuestion, "how do I descale my kettle", intent="product_support", before=WARRANTY)
    assert ladder.asked[0].refers_to is None


TOLD = {"kind": "answer", "rung": "entry", "citations": [{"entry_id": "moss-filter", "title": "The filter"}]}
FILTER: list[dict[str, Any]] = [
    user("when do I change the filter of the moss"),
    {"event": "bot", "text": "…", "metadata": {"utter_action": "utter_answer"}, "data": {"custom": TOLD}},
]
ORDER: dict[str, Any] = {"event": "bot", "text": "…", "metadata": {"utter_action": "utter_order_on_its_way"}}
THANKS: list[dict[str, Any]] = [
    {**user("thanks"), "parse_data": {"intent": {"name": "thank"}}},
    {"event": "bot", "text": "…", "metadata": {"utter_action": "utter_thanks"}},
]
FILTER_ENTRY = Citation("moss-filter", "The filter")
SENTENCE = Answer("entry", "It can't be washed.", (FILTER_ENTRY,), relevance=0.9, sentence=True)


@pytest.mark.parametrize(
    ("before", "asked_of"),
    [
        (FILTER, ["moss-filter"]),
        ([*FILTER, *THANKS], ["moss-filter"]),
        ([*FILTER, user("where is 10046"), ORDER], []),
        ([], []),
    ],
)
async def test_what_no_entry_answers_is_asked_of_the_one_told_last(
    run: Run, ladder: ScriptedLadder, before: list[dict[str, Any]], asked_of: list[str]
) -> None:
    ladder.nearest = SENTENCE
    said = await run(ActionFallback, "can i wash it", before=before)
    assert [entry_id for _, *ids in ladder.asked_of for entry_id in ids] == asked_of
    assert ("utter_nearest_sentence" in said.responses) is bool(asked_of)


async def test_of_the_same_entry_once_more_only_the_sentence_is_told(run: Run, ladder: ScriptedLadder) -> None:
    whole = Answer("entry", "Change it. It can't be washed.", (FILTER_ENTRY,), relevance=0.9)
    other = Answer("entry", "By hand.", (Citation("jug", "The jug"),), relevance=0.9)
    ladder.nearest = SENTENCE
    for reply, text in ((whole, SENTENCE.text), (other, other.text)):
        ladder.reply = reply
        said = await run(ActionAnswerQuestion, "can i wash it", intent="product_support", before=FILTER)
        assert [message["answer"] for message in said.messages] == [text]


async def test_the_nearest_sentence_has_its_source_and_two_ways_on(run: Run, ladder: ScriptedLadder) -> None:
    ladder.nearest = SENTENCE
    (message,) = (await run(ActionAnswerQuestion, "can i wash it", intent="product_support", before=FILTER)).messages
    assert (message["answer"], message["source"]) == ("It can't be washed.", "The filter")
    assert [button["title"] for button in message["buttons"]] == ["No, something else", "Talk to a person"]
    assert message["custom"]["sentence"] is True


@pytest.mark.parametrize(
    ("text", "asked", "told"),
    [
        ("can i cancel?", "Joining Plus can i cancel?", True),
        ("and can we cancel it", "Joining Plus can we cancel it", True),
        ("cancel it", None, False),
    ],
)
async def test_whether_one_may_is_asked_of_what_was_just_told(
    run: Run, ladder: ScriptedLadder, *, text: str, asked: str | None, told: bool
) -> None:
    ladder.reply = Answer("entry", "Within 14 days.", (Citation("plus", "Cancelling Plus"),), relevance=0.9)
    ladder.entries = {"moss-filter": Answer("entry", "…", (Citation("moss-filter", "Joining Plus"),))}
    said = await run(ActionStartFlow, text, intent="cancel_order", before=FILTER)
    assert ("utter_answer" in said.responses) is told
    assert asked is None or ladder.asked[0].text == asked


async def test_what_was_just_read_is_not_offered(run: Run, ladder: ScriptedLadder) -> None:
    read = Suggestion("The filter", '/ask_entry{"entry_id":"moss-filter"}')
    other = Suggestion("The fan", '/ask_entry{"entry_id":"moss-fan"}')
    for suggestions, response in (((read, other), "utter_did_you_mean"), ((read,), "utter_no_answer")):
        ladder.reply = Answer("did_you_mean", suggestions=suggestions, relevance=0.4)
        said = await run(ActionAnswerQuestion, "and what of dust", intent="product_support", before=FILTER)
        assert said.responses == [response]
        assert "The filter" not in str(said.messages)
