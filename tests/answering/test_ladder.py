"""The rungs of the ladder, each taken and each passed by."""

import json
from collections.abc import Sequence
from datetime import timedelta

import pytest
import structlog
from pydantic import ValidationError

from answering.adapters.fixed_answers import FixedAnswers
from answering.cache import AnswerCache
from answering.errors import KnowledgeUnavailable
from answering.ladder import Ladder
from answering.model import Answer, Question
from answering.ports import Answers
from answering.settings import AnsweringSettings
from privacy.personal_data import PersonalData
from retrieval.model import Entry, EntryId, Hit
from tests.answering.conftest import NOON, ScriptedIndex, hit

SETTINGS = AnsweringSettings(answer_at=0.75, suggest_at=0.25, most_suggestions=3)
ASK = Question("what about it?")


def ladder(index: ScriptedIndex, **rungs: object) -> Ladder:
    return Ladder(index, SETTINGS, now=lambda: NOON, **rungs)  # type: ignore[arg-type]


class Approved:
    """Knows one question."""

    async def find(self, question: Question) -> Answer | None:
        return Answer("approved", "Staff said so.") if question.text == "known" else None


class Writer:
    """Stands for the language model; writes or passes on."""

    def __init__(self, answer: Answer | None) -> None:
        self.answer = answer
        self.given: list[str] = []
        self.times = 0

    async def generate(self, _question: Question, hits: Sequence[Hit]) -> Answer | None:
        self.given = [found.entry_id for found in hits]
        self.times += 1
        return self.answer

    async def close(self) -> None:
        """Nothing."""


@pytest.mark.parametrize(
    ("text", "kind"), [("and shoes?", "did_you_mean"), ("returns", "entry"), ("are you shoeing", "entry")]
)
async def test_a_lone_word_that_only_a_wording_mentions_is_not_told_of(
    index: ScriptedIndex, text: str, kind: str
) -> None:
    index.hits = (hit("returns", 0.9, answer="Take back what stands on it."),)
    assert (await ladder(index).answer(Question(text))).kind == kind


@pytest.mark.parametrize("relevance", [0.75, 0.9, 1.0])
async def test_an_entry_relevant_enough_is_the_answer_word_for_word(index: ScriptedIndex, relevance: float) -> None:
    index.hits = (hit("returns", relevance, url="https://x.example", path=("Manual", "Returns")), hit("b", 0.1))
    answer = await ladder(index).answer(ASK)
    assert (answer.kind, answer.text, answer.relevance) == ("entry", "All about returns.", relevance)
    (citation,) = answer.citations
    assert (citation.entry_id, citation.title) == ("returns", "About returns")
    assert (citation.path, citation.url) == (("Manual", "Returns"), "https://x.example")
    assert answer.suggestions == ()


@pytest.mark.parametrize("relevance", [0.25, 0.5, 0.749])
async def test_a_near_entry_is_offered_not_told(index: ScriptedIndex, relevance: float) -> None:
    index.hits = (hit("a", relevance), hit("b", 0.04))
    answer = await ladder(index).answer(ASK)
    assert (answer.kind, answer.text, answer.citations) == ("did_you_mean", "", ())
    assert [(s.label, s.payload) for s in answer.suggestions] == [("About a", '/ask_entry{"entry_id":"a"}')]
    assert answer.relevance == relevance


async def test_beside_a_plausible_entry_stand_the_next_best(index: ScriptedIndex) -> None:
    index.hits = (hit("a", 0.5), hit("b", 0.11), hit("c", 0.1), hit("d", 0.09))
    suggestions = (await ladder(index).answer(ASK)).suggestions
    assert [suggestion.label for suggestion in suggestions] == ["About a", "About b", "About c"]


@pytest.mark.parametrize("hits", [(), (hit("a", 0.249),)])
async def test_nothing_near_is_no_answer(index: ScriptedIndex, hits: tuple[Hit, ...]) -> None:
    index.hits = hits
    answer = await ladder(index).answer(ASK)
    assert (answer.kind, answer.text, answer.suggestions, answer.citations) == ("none", "", (), ())


async def test_no_more_than_three_are_offered(index: ScriptedIndex) -> None:
    index.hits = tuple(hit(f"e{n}", 0.5) for n in range(6))
    assert len((await ladder(index).answer(ASK)).suggestions) == 3


async def test_sections_of_one_manual_are_offered_once(index: ScriptedIndex) -> None:
    index.hits = (
        hit("brio#Cleaning", 0.5, document_id="brio"),
        hit("brio#Descaling", 0.45, document_id="brio"),
        hit("returns", 0.4),
    )
    suggestions = (await ladder(index).answer(ASK)).suggestions
    assert [json.loads(s.payload.removeprefix("/ask_entry"))["entry_id"] for s in suggestions] == [
        "brio#Cleaning",
        "returns",
    ]


@pytest.mark.parametrize(
    ("title", "label"),
    [
        ("Short", "Short"),
        ("x" * 60, "x" * 60),
        ("x" * 61, "x" * 59 + "…"),
        ("Delivery to Belgium, the Netherlands, Luxembourg, France and Germany",
         "Delivery to Belgium, the Netherlands, Luxembourg, France…"),
    ],
)  # fmt: skip
async def test_a_long_title_is_cut_between_words(index: ScriptedIndex, title: str, label: str) -> None:
    index.hits = (hit("a", 0.5, title=title),)
    suggestion = (await ladder(index).answer(ASK)).suggestions[0]
    assert suggestion.label == label
    assert len(suggestion.label) <= 60


async def test_a_payload_survives_any_entry_id(index: ScriptedIndex) -> None:
    name = 'brio#Lights > "E2" é'
    index.hits = (hit(name, 0.5),)
    payload = (await ladder(index).answer(ASK)).suggestions[0].payload
    assert json.loads(payload.removeprefix("/ask_entry")) == {"entry_id": name}


async def test_an_approved_answer_comes_before_the_index(index: ScriptedIndex) -> None:
    index.hits = (hit("a", 0.99),)
    full = ladder(index, approved=Approved())
    assert (await full.answer(Question("known"))).kind == "approved"
    assert index.asked == []
    assert (await full.answer(ASK)).kind == "entry"


async def test_a_writer_is_asked_only_between_the_two_thresholds(index: ScriptedIndex) -> None:
    writer = Writer(Answer("generated", "Written."))
    full = ladder(index, generator=writer)
    for relevance, kind in ((0.9, "entry"), (0.5, "generated"), (0.1, "none")):
        index.hits = (hit("a", relevance), hit("far", 0.01))
        assert (await full.answer(ASK)).kind == kind
    assert writer.given == ["a"]


async def test_a_writer_gets_the_nearest_three_and_is_asked_once_for_a_follow_up(index: ScriptedIndex) -> None:
    writer = Writer(None)
    index.hits = tuple(hit(f"e{n}", 0.5) for n in range(6))
    await ladder(index, generator=writer).answer(Question("and for headphones?", refers_to="how long is the warranty?"))
    assert (writer.given, writer.times) == (["e0", "e1", "e2"], 1)
    assert index.asked[-1][0] == "how long is the warranty? for headphones?"


async def test_a_question_in_scope_reaches_the_writer_without_any_entry_another_one_does_not(
    index: ScriptedIndex,
) -> None:
    writer = Writer(Answer("generated", "Written with tools."))
    full = ladder(index, generator=writer)
    assert (await full.answer(ASK)).kind == "none"
    assert (await full.answer(Question("is it there?", intent="check_stock"))).kind == "generated"


async def test_what_was_kept_ready_while_the_model_was_down_is_written_once_it_is_back(index: ScriptedIndex) -> None:
    writer = Writer(None)
    index.hits = (hit("a", 0.5),)
    index.entries = {EntryId("a"): Entry(EntryId("a"), "a", "Title", "Text")}
    full = ladder(index, generator=writer, cache=AnswerCache(10, 60, now=lambda: NOON))
    assert (await full.answer(ASK)).kind == "did_you_mean"
    writer.answer = Answer("generated", "Written.")
    assert (await full.answer(ASK)).kind == "generated"


async def test_a_writer_that_passes_on_leaves_the_suggestions(index: ScriptedIndex) -> None:
    index.hits = (hit("a", 0.5),)
    assert (await ladder(index, generator=Writer(None)).answer(ASK)).kind == "did_you_mean"


async def test_the_customers_audience_language_and_the_time_reach_the_index(index: ScriptedIndex) -> None:
    question = Question("hm", audience=frozenset({"public", "customer"}), locale="de-AT")
    await ladder(index).answer(question)
    ((query, filters),) = index.asked
    assert (query, filters.audience, filters.locale, filters.at) == ("hm", question.audience, "de-AT", NOON)


async def test_an_answer_by_words_alone_says_so(index: ScriptedIndex) -> None:
    index.dense = False
    index.hits = (hit("a", 0.9),)
    assert not (await ladder(index).answer(ASK)).dense


async def test_a_clicked_suggestion_gets_its_entry(index: ScriptedIndex) -> None:
    index.entries = {EntryId("a"): Entry(EntryId("a"), "a", "Title", "Text")}
    answer = await ladder(index).entry("a")
    assert answer
    assert (answer.kind, answer.text, answer.citations[0].title) == ("entry", "Text", "Title")


async def test_a_suggestion_clicked_too_late_or_by_the_wrong_person_gets_nothing(index: ScriptedIndex) -> None:
    index.entries = {
        EntryId("old"): Entry(EntryId("old"), "old", "T", "x", valid_until=NOON - timedelta(days=1)),
        EntryId("staff"): Entry(EntryId("staff"), "staff", "T", "x", audience="staff"),
    }
    for name in ("old", "staff", "never-was", ""):
        assert await ladder(index).entry(name) is None


async def test_an_unreadable_index_is_a_typed_error(index: ScriptedIndex) -> None:
    index.broken = True
    with pytest.raises(KnowledgeUnavailable):
        await ladder(index).answer(ASK)
    with pytest.raises(KnowledgeUnavailable):
        await ladder(index).entry("a")


async def test_closing_the_ladder_closes_the_index(index: ScriptedIndex) -> None:
    await ladder(index).close()
    assert index.closed


async def test_the_log_holds_no_word_of_the_customer(index: ScriptedIndex) -> None:
    index.hits = (hit("a", 0.9),)
    with structlog.testing.capture_logs() as logs:
        await ladder(index).answer(Question("my secret sentence"))
    assert logs[0]["event"] == "ladder.answered"
    assert "secret" not in json.dumps(logs)


def test_the_rungs_must_stand_in_order() -> None:
    with pytest.raises(ValidationError, match="SUGGEST_AT"):
        AnsweringSettings(answer_at=0.3, suggest_at=0.4)


async def test_the_fake_ladder_keeps_to_the_same_port() -> None:
    fake: Answers = FixedAnswers({"hi": Answer("entry", "Hello.")}, entries={"a": "Text"})
    assert (await fake.answer(Question("hi"))).text == "Hello."
    assert (await fake.answer(Question("other"))).kind == "none"
    clicked = await fake.entry("a")
    assert clicked
    assert clicked.text == "Text"
    assert await fake.entry("b") is None
    broken = FixedAnswers(error=KnowledgeUnavailable("down"))
    with pytest.raises(KnowledgeUnavailable):
        await broken.answer(Question("hi"))


async def test_what_is_searched_and_kept_holds_no_personal_data(index: ScriptedIndex) -> None:
    question = Question("is ann@mail.test my login?", refers_to="card 4111 1111 1111 1111")
    await ladder(index, hide=PersonalData().hidden).answer(question)
    assert index.asked
    assert not any("ann@" in text or "4111" in text for text, _ in index.asked)


async def test_colleagues_get_what_was_approved_and_what_is_written_whatever_the_entries_say(
    index: ScriptedIndex,
) -> None:
    index.hits = (hit("a", 0.9),)
    written = Answer("generated", "Written.")
    found = await ladder(index, approved=Approved(), generator=Writer(written)).drafts(Question("known"))
    assert [one.text for one in found] == ["Staff said so.", "Written."]
    assert await ladder(index).drafts(Question("known")) == []
    said_nothing = Writer(Answer("none"))
    assert await ladder(index, generator=said_nothing).drafts(Question("other")) == []
