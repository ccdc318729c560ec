"""Answers kept ready, and answers that staff approved."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from prometheus_client import REGISTRY

from answering.adapters.approved_store import ApprovedStore
from answering.approved import ApprovedAnswer, ApprovedRung
from answering.cache import AnswerCache
from answering.cli import main
from answering.ladder import Ladder
from answering.model import Question
from answering.normal_form import question_key, same_words
from answering.settings import AnsweringSettings
from retrieval.adapters.hashing_embedder import HashingEmbedder
from retrieval.errors import EmbedderUnavailable
from retrieval.model import Entry, EntryId, SearchFilters, SearchResult
from retrieval.ports import Embeddings
from tests.answering.conftest import NOON, ScriptedIndex, hit


class Clock:
    """Stands still until moved."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


class VersionedIndex(ScriptedIndex):
    """Its version is what a test says."""

    named = "v1"

    async def version(self) -> str:
        return self.named

    async def search(self, query: str, *, top_k: int = 5, filters: SearchFilters) -> SearchResult:
        return replace(await super().search(query, top_k=top_k, filters=filters), version=self.named)


ENTRY = Entry(EntryId("a"), "a", "About a", "All about a.", valid_until=NOON + timedelta(minutes=2))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def kept(clock: Clock) -> tuple[Ladder, VersionedIndex]:
    index = VersionedIndex((hit("a", 0.9),), entries=[ENTRY])
    return Ladder(index, AnsweringSettings(), now=clock, cache=AnswerCache(3, 300, now=clock)), index


def looked_up(result: str) -> float:
    return REGISTRY.get_sample_value("answering_cache_lookups_total", {"result": result}) or 0.0


async def test_the_same_question_in_other_letters_is_answered_without_a_search(
    kept: tuple[Ladder, VersionedIndex],
) -> None:
    ladder, index = kept
    hits = looked_up("hit")
    first = await ladder.answer(Question("How long?"))
    assert await ladder.answer(Question("  how LONG ")) == first
    assert len(index.asked) == 1
    assert looked_up("hit") == hits + 1


@pytest.mark.parametrize(
    "other",
    [
        Question("how long", locale="de"),
        Question("how long", audience=frozenset({"public", "customer"})),
        Question("how long", intent="ask_return_policy"),
        Question("how long not"),
    ],
)
async def test_another_reader_or_question_is_searched_for(kept: tuple[Ladder, VersionedIndex], other: Question) -> None:
    ladder, index = kept
    await ladder.answer(Question("how long"))
    await ladder.answer(other)
    assert len(index.asked) == 2


async def test_a_changed_index_is_searched_anew(kept: tuple[Ladder, VersionedIndex]) -> None:
    ladder, index = kept
    await ladder.answer(Question("how long"))
    index.named = "v2"
    await ladder.answer(Question("how long"))
    assert len(index.asked) == 2


@pytest.mark.parametrize("relevance", [0.9, 0.5])
async def test_an_entry_that_has_ended_is_not_told_or_offered_from_what_is_kept(
    kept: tuple[Ladder, VersionedIndex], clock: Clock, relevance: float
) -> None:
    ladder, index = kept
    index.hits = (hit("a", relevance),)
    assert (await ladder.answer(Question("how long"))).kind != "none"
    index.hits = ()
    clock.now = NOON + timedelta(minutes=2) - timedelta(seconds=1)
    assert (await ladder.answer(Question("how long"))).kind != "none"
    clock.now = NOON + timedelta(minutes=2)
    assert (await ladder.answer(Question("how long"))).kind == "none"


async def test_what_is_kept_is_bounded_in_number_and_time(kept: tuple[Ladder, VersionedIndex], clock: Clock) -> None:
    ladder, index = kept
    index.hits = ()
    for name in ("a", "b", "c", "d", "a"):
        await ladder.answer(Question(name))
    assert len(index.asked) == 5
    clock.now = NOON + timedelta(seconds=301)
    await ladder.answer(Question("a"))
    assert len(index.asked) == 6


async def test_an_answer_by_words_alone_is_not_kept(kept: tuple[Ladder, VersionedIndex]) -> None:
    ladder, index = kept
    index.dense = False
    await ladder.answer(Question("how long"))
    await ladder.answer(Question("how long"))
    assert len(index.asked) == 2


Ask = Callable[..., object]


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> ApprovedStore:
    return ApprovedStore(tmp_path / "approved.db", now=clock)


@pytest.fixture
def rung(store: ApprovedStore, clock: Clock) -> ApprovedRung:
    return ApprovedRung(store, HashingEmbedder(64), near_at=0.6, now=clock)


WARRANTY = ApprovedAnswer("How long is the warranty on a kettle?", "Three years.", by="ann")


async def told(rung: ApprovedRung, text: str, **more: object) -> str | None:
    answer = await rung.find(Question(text, **more))  # type: ignore[arg-type]
    return answer.text if answer else None


async def test_an_approved_answer_is_found_by_its_question_and_despite_a_typo(
    rung: ApprovedRung, store: ApprovedStore
) -> None:
    store.add(WARRANTY)
    assert await told(rung, "how long is the warranty on a kettle") == "Three years."
    assert await told(rung, "How long is the waranty on a kettle??") == "Three years."


@pytest.mark.parametrize(
    "text",
    [
        "How long is the warranty on a lamp?",
        "How long is the delivery of a kettle?",
        "Is there no warranty on a kettle?",
        "kettle",
        "",
        "???",
    ],
)
async def test_another_question_gets_no_approved_answer(rung: ApprovedRung, store: ApprovedStore, text: str) -> None:
    store.add(WARRANTY)
    assert await told(rung, text) is None


async def test_audience_language_and_days_hold_for_approved_answers(
    rung: ApprovedRung, store: ApprovedStore, clock: Clock
) -> None:
    store.add(replace(WARRANTY, audience="customer", valid_from=NOON, valid_until=NOON + timedelta(days=1)))
    customer = frozenset({"public", "customer"})
    assert await told(rung, WARRANTY.question) is None
    assert await told(rung, WARRANTY.question, audience=customer, locale="de") is None
    assert await told(rung, WARRANTY.question, audience=customer) == "Three years."
    assert await told(rung, "how long is the waranty on a kettle", audience=customer) == "Three years."
    clock.now = NOON + timedelta(days=1)
    assert await told(rung, WARRANTY.question, audience=customer) is None
    assert await told(rung, "how long is the waranty on a kettle", audience=customer) is None


async def test_the_latest_approval_wins_and_a_withdrawn_one_is_told_no_more(
    rung: ApprovedRung, store: ApprovedStore
) -> None:
    store.add(WARRANTY)
    second = store.add(replace(WARRANTY, answer="Five years."))
    assert await told(rung, WARRANTY.question) == "Five years."
    assert store.withdraw(second.number, by="ben")
    assert await told(rung, WARRANTY.question) == "Three years."
    assert not store.withdraw(second.number, by="ben")
    assert [item.withdrawn_by for item in store.all()] == [None, "ben"]


async def test_without_vectors_only_the_same_question_is_known(store: ApprovedStore, clock: Clock) -> None:
    class Down(HashingEmbedder):
        async def embed(self, _texts: object) -> Embeddings:
            raise EmbedderUnavailable("down")

    store.add(WARRANTY)
    rung = ApprovedRung(store, Down(), near_at=0.6, now=clock)
    assert await told(rung, WARRANTY.question) == "Three years."
    assert await told(rung, "how long is the waranty on a kettle") is None


async def test_what_may_have_been_withdrawn_meanwhile_is_not_told(
    rung: ApprovedRung, store: ApprovedStore, tmp_path: Path
) -> None:
    store.add(WARRANTY)
    assert await told(rung, WARRANTY.question) == "Three years."
    there = (tmp_path / "approved.db").read_bytes()
    (tmp_path / "approved.db").write_text("somebody wrote, and it cannot be read")
    assert await told(rung, WARRANTY.question) is None
    (tmp_path / "approved.db").write_bytes(there)
    assert await told(rung, WARRANTY.question) == "Three years."


async def test_a_broken_store_leaves_the_rest_of_the_ladder(tmp_path: Path, clock: Clock) -> None:
    (tmp_path / "approved.db").write_text("no data base")
    rung = ApprovedRung(ApprovedStore(tmp_path / "approved.db", now=clock), HashingEmbedder(), near_at=0.6, now=clock)
    index = ScriptedIndex((hit("a", 0.9),))
    answer = await Ladder(index, AnsweringSettings(), now=clock, approved=rung).answer(Question("how long"))
    assert answer.kind == "entry"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("return opened headphones", "return unopened headphones", False),
        ("can I return it", "can I not return it", False),
        ("within 14 days", "within 30 days", False),
        ("delivery to Irland", "delivery to Ireland", True),
        ("delivery to Ireland", "delivery to Iceland", False),
        ("warrenty on kettels", "warranty on kettles", True),
        ("do you deliver", "don't you deliver", False),
    ],
)
def test_two_questions_have_the_same_words_or_not(one: str, other: str, same: bool) -> None:  # noqa: FBT001
    assert same_words(one, other) is same
    assert same_words(other, one) is same


def test_a_questions_key_knows_neither_case_nor_marks() -> None:
    assert question_key("What’s  up, Doc?!") == "what's up doc"


def test_staff_approve_list_and_withdraw(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ANSWERING_APPROVED", str(tmp_path / "a.db"))
    monkeypatch.setenv("COLUMNS", "200")
    assert main(["approve", "Open on Sunday?", "Never.", "--until", "2099-12-31", "--by", "ann"]) == 0
    assert main(["list"]) == 0
    shown = capsys.readouterr().out
    assert "Open on Sunday?" in shown
    assert "2099-12-31" in shown
    assert main(["withdraw", "1", "--by", "ben"]) == 0
    assert main(["withdraw", "1"]) == 2
    assert main(["approve", "x", "y", "--from", "2026-02-01", "--until", "2026-01-01"]) == 2
    main(["list"])
    assert "Open on Sunday?" not in capsys.readouterr().out


@pytest.fixture
def approve(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str]]:
    """Runs a command on a file of this test, and gives its exit code and what it said."""
    monkeypatch.setenv("ANSWERING_APPROVED", str(tmp_path / "a.db"))
    monkeypatch.setenv("COLUMNS", "200")

    def call(*arguments: str) -> tuple[int, str]:
        code = main(arguments)
        return code, capsys.readouterr().out

    return call


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("Which card?", "4111 1111 1111 1111"), "personal data (payment card number"),
        (("Whom do I ask?", "Write to jo.bloggs@gmail.com."), "--allow-personal-data"),
        (("Open?", "No.", "--until", "2020-01-01"), "The last day, 2020-01-01, is over."),
        (("Open?", "No.", "--until", "31.12.2026"), "write the day as 2026-12-31"),
        (("???", "No."), "The question holds no words."),
    ],
)
def test_what_must_not_or_cannot_be_told_is_not_approved(
    approve: Callable[..., tuple[int, str]], arguments: tuple[str, ...], told: str
) -> None:
    code, said = approve("approve", *arguments)
    assert code == 2
    assert told in said
    assert "personal" not in approve("list")[1]


def test_personal_data_that_is_meant_to_be_told_may_be_approved(approve: Callable[..., tuple[int, str]]) -> None:
    assert approve("approve", "Whom?", "jo.bloggs@gmail.com", "--allow-personal-data")[0] == 0


def test_an_answer_of_later_is_not_said_to_be_told_now(approve: Callable[..., tuple[int, str]]) -> None:
    assert "tells it from 2099-01-01 on" in approve("approve", "Open?", "No.", "--from", "2099-01-01")[1]


def test_the_list_shows_the_last_day_what_is_over_and_brackets(
    approve: Callable[..., tuple[int, str]], tmp_path: Path
) -> None:
    approve("approve", "Open [soon]?", "See [bold]here[/bold].", "--until", "2099-08-31")
    store = ApprovedStore(tmp_path / "a.db", now=lambda: NOON)
    store.add(ApprovedAnswer("Old?", "Yes.", valid_until=NOON - timedelta(days=2)))
    said = approve("list")[1]
    assert "Open [soon]?" in said
    assert "See [bold]here[/bold]." in said
    assert "2099-08-31" in said
    assert "2026-11-21, over" in said
