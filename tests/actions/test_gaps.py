"""Questions that nothing answered are noted, and only these."""

from typing import Any

from actions.bootstrap import Services
from actions.fallback import ActionFallback
from actions.person import ActionOfferPerson
from actions.questions import ActionAnswerQuestion
from answering.model import Answer, Suggestion
from tests.actions.conftest import Run, ScriptedLadder


def noted(services: Services) -> list[tuple[str, str]]:
    assert services.gaps
    return [(item.question, item.reason) for item in services.gaps.all()]


def user(text: str) -> dict[str, Any]:
    return {"event": "user", "text": text}


def bot(rung: str) -> dict[str, Any]:
    return {"event": "bot", "data": {"custom": {"kind": "answer", "rung": rung}}}


async def test_a_question_that_found_nothing_is_noted_without_its_asker(run: Run, services: Services) -> None:
    await run(ActionAnswerQuestion, "do you rent out kettles, I am a@mail.test, order 10046", intent="ask_product")
    await run(ActionFallback, "can I bring my dog")
    assert noted(services) == [
        ("do you rent out kettles, I am [e-mail], order [number]", "none"),
        ("can I bring my dog", "none"),
    ]


async def test_what_was_answered_offered_or_asked_by_a_form_is_not(
    run: Run, services: Services, ladder: ScriptedLadder
) -> None:
    await run(ActionFallback, "hm what", form="order_status_form", requested_slot="order_number")
    await run(ActionFallback, "🙂 123")
    for reply in (Answer("entry", "x"), Answer("did_you_mean", suggestions=(Suggestion("x", "/x"),))):
        ladder.reply = reply
        await run(ActionAnswerQuestion, "how long", intent="ask_return_policy")
    assert noted(services) == []


async def test_none_of_these_notes_the_question_behind_the_suggestions(run: Run, services: Services) -> None:
    asked = [user("rent a kettle"), bot("did_you_mean")]
    await run(ActionOfferPerson, "/not_helpful", intent="not_helpful", before=asked)
    answered = [user("rent a kettle"), bot("did_you_mean"), user("how long"), bot("entry")]
    await run(ActionOfferPerson, "that did not help", intent="not_helpful", before=answered)
    assert noted(services) == [("rent a kettle", "none_of_these")]


async def test_a_record_that_cannot_be_written_costs_nobody_the_answer(run: Run, services: Services) -> None:
    assert services.gaps
    services.gaps._path.write_text("no data base")
    said = await run(ActionAnswerQuestion, "rent a kettle", intent="ask_product")
    assert said.responses == ["utter_no_answer"]


async def test_what_a_colleague_tries_in_the_console_is_nobodys_question(run: Run, services: Services) -> None:
    await run(ActionFallback, "can I bring my dog", sender="teach-000000000000000000000000")
    assert noted(services) == []
