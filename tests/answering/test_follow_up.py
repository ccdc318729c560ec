"""Questions that lean on the one before, and whole ones that only look short."""

import pytest

from answering.follow_up import is_follow_up, joined
from answering.ladder import Ladder
from answering.model import Question
from answering.settings import AnsweringSettings
from retrieval.model import Hit, SearchFilters, SearchResult
from tests.answering.conftest import NOON, ScriptedIndex, hit


@pytest.mark.parametrize(
    "text",
    [
        "and for headphones?",
        "And to Norway",
        "what about gift cards?",
        "how about on Sundays",
        "ok, and for members?",
        "same for the kettle?",
        "or without a receipt?",
        "for headphones?",
        "to Spain?",
        "how long does it take?",
        "is that free?",
        "how much is it",
    ],
)
def test_a_question_without_its_topic_is_a_follow_up(text: str) -> None:
    assert is_follow_up(text)


@pytest.mark.parametrize(
    "text",
    [
        "How long is the warranty?",
        "klarna",
        "do you deliver to Norway?",
        "can I return it after using it for two weeks at home?",
        "and another thing, my kettle leaks from the lid since yesterday",
        "where is my order",
        "how do I descale it",
        "Android app?",
        "to whom do I write about a broken lamp?",
        "thanks",
        "orders to Spain?",
        "",
        "10046",
    ],
)
def test_a_whole_question_is_none(text: str) -> None:
    assert not is_follow_up(text)


class ByText(ScriptedIndex):
    """Finds by the question's text."""

    def __init__(self, found: dict[str, Hit]) -> None:
        super().__init__()
        self.found = found

    async def search(self, query: str, *, top_k: int = 5, filters: SearchFilters) -> SearchResult:
        await super().search(query, top_k=top_k, filters=filters)
        return SearchResult((self.found[query],) if query in self.found else (), dense=True, version="v")


WHOLE = "How long is the warranty? for headphones?"
ASKED = Question("and for headphones?", refers_to="How long is the warranty?")


@pytest.mark.parametrize(
    ("alone", "together", "kind", "told"),
    [
        (None, 0.9, "entry", "All about together."),
        (0.5, 0.9, "entry", "All about together."),
        (0.9, 0.95, "entry", "All about alone."),
        (0.5, None, "did_you_mean", ""),
        (None, None, "none", ""),
    ],
)
async def test_the_words_alone_come_first_and_then_with_what_they_refer_to(
    alone: float | None, together: float | None, kind: str, told: str
) -> None:
    found = {ASKED.text: ("alone", alone), WHOLE: ("together", together)}
    titled = {text: (name, score) for text, (name, score) in found.items() if score}
    index = ByText({text: hit(name, score, title=f"Headphones, {name}") for text, (name, score) in titled.items()})
    answer = await Ladder(index, AnsweringSettings(), now=lambda: NOON).answer(ASKED)
    assert (answer.kind, answer.text) == (kind, told)


async def test_an_entry_that_the_earlier_question_finds_by_itself_is_offered_not_told_again() -> None:
    same = hit("warranty", 0.95)
    index = ByText({ASKED.text: hit("alone", 0.5), WHOLE: same, "How long is the warranty?": same})
    answer = await Ladder(index, AnsweringSettings(), now=lambda: NOON).answer(ASKED)
    assert (answer.kind, answer.text, answer.citations) == ("did_you_mean", "", ())
    assert [suggestion.label for suggestion in answer.suggestions] == ["About warranty", "About alone"]


async def test_a_question_that_refers_to_nothing_is_searched_once() -> None:
    index = ByText({})
    await Ladder(index, AnsweringSettings(), now=lambda: NOON).answer(Question("and for headphones?"))
    assert len(index.asked) == 1


def test_both_questions_become_one() -> None:
    assert joined("How long is the warranty?", "ok, and for headphones?") == WHOLE
