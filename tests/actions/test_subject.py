"""What a question is about that names nothing, and what of the answers may be told then."""

from typing import Any

import pytest

from actions.questions import ActionAnswerQuestion
from actions.subject import articles_in
from answering.model import Answer, Citation, Question, Suggestion
from tests.actions.conftest import Run, ScriptedLadder
from tests.actions.test_gaps import user

KETTLE = Answer("entry", "Vinegar works.", (Citation("kettle", "Descaling the Tarn kettle"),), relevance=0.9)
MACHINE = Answer(
    "entry", "Never vinegar.", (Citation("machine", "What to use (Brio espresso machine)"),), relevance=0.9
)
NOTHING = Answer("none")


class Shelf(ScriptedLadder):
    """Answers by what the search's words hold."""

    def __init__(self, **answers: Answer) -> None:
        super().__init__()
        self.answers = answers

    async def answer(self, question: Question) -> Answer:
        self.asked.append(question)
        return next((answer for word, answer in self.answers.items() if word in question.text), NOTHING)


def told(title: str) -> dict[str, Any]:
    record = {"kind": "answer", "rung": "entry", "citations": [{"entry_id": "x", "title": title}]}
    return {"event": "bot", "text": "…", "data": {"custom": record}}


BRIO = [user("how do I descale the brio"), told("Descaling step by step (Brio espresso machine)")]


async def ask(run: Run, services: Any, ladder: ScriptedLadder, text: str, before: list[dict[str, Any]]) -> Any:
    object.__setattr__(services, "ladder", ladder)
    return await run(ActionAnswerQuestion, text, intent="product_support", before=before)


async def test_another_articles_answer_is_not_told_for_the_one_spoken_of(run: Run, services: Any) -> None:
    said = await ask(run, services, Shelf(Brio=MACHINE, vinegar=KETTLE), "can i use vinegar", BRIO)
    assert said.messages[0]["answer"] == "Never vinegar."


async def test_without_an_answer_about_it_the_others_are_only_offered(run: Run, services: Any) -> None:
    said = await ask(run, services, Shelf(vinegar=KETTLE), "can i use vinegar", BRIO)
    assert said.responses == ["utter_did_you_mean"]
    assert "Vinegar works" not in str(said.messages)


@pytest.mark.parametrize(
    ("text", "before"),
    [
        ("can i use vinegar", []),
        ("can i use vinegar for the tarn kettle", BRIO),
        ("can i use vinegar", [*BRIO, *[user("hm"), {"event": "bot", "text": "Yes?"}] * 4]),
    ],
)
async def test_what_is_named_or_long_ago_changes_nothing(
    run: Run, services: Any, text: str, before: list[dict[str, Any]]
) -> None:
    said = await ask(run, services, Shelf(Brio=MACHINE, vinegar=KETTLE), text, before)
    assert said.messages[0]["answer"] == "Vinegar works."


async def test_what_nobody_asked_of_an_article_is_told_as_ever(run: Run, services: Any) -> None:
    general = Answer("entry", "By card.", (Citation("pay", "Which cards do you take?"),), relevance=0.9)
    said = await ask(run, services, Shelf(card=general, Brio=MACHINE), "can i pay by card", BRIO)
    assert said.messages[0]["answer"] == "By card."


async def test_what_is_near_and_about_it_is_offered_first(run: Run, services: Any) -> None:
    near = Answer("did_you_mean", suggestions=(Suggestion("Black Week", "/a"),), relevance=0.3)
    about = Answer("did_you_mean", suggestions=(Suggestion("Colours of the Brio", "/b"),), relevance=0.4)
    said = await ask(run, services, Shelf(Brio=about, black=near), "does it come in black", BRIO)
    assert [button["title"] for button in said.messages[0]["buttons"]][:2] == ["Colours of the Brio", "Black Week"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("is the moss air purifier there", ["Moss air purifier"]),
        ("how much are the wren headphones", ["Wren headphones"]),
        ("what do you sell", []),
    ],
)
def test_a_whole_name_goes_before_a_part_of_one(services: Any, text: str, names: list[str]) -> None:
    assert [view.product.name for view in articles_in(text, services.backoffice.catalogue)] == names
