"""What the quality check lets through, what it stops, and why it says so."""

from collections.abc import Sequence

import pytest

from answering.quality.doubt import Weights
from answering.quality.grounding import GroundingCheck
from answering.quality.phrases import phrase_reasons
from answering.quality.ports import Draft, JudgeContext, Material, Source, Verdict
from answering.quality.quantities import Quantity, quantities_in, strange_in
from answering.quality.support import FEATURES, SourceText, features_of
from answering.quality.terms import foreign_in
from retrieval.adapters.hashing_embedder import HashingEmbedder
from retrieval.errors import EmbedderUnavailable
from retrieval.ports import Embeddings

TEXT = (
    "Express delivery in Ireland costs €9.95 and arrives on the next working day, if you order before 14:00. "
    "Standard delivery takes 1–2 working days. See https://www.shop.example/delivery for more. "
    "Open My account > Orders > Cancel."
)
SOURCES = (Source(1, "entry", "delivery", "How long does delivery take?", TEXT),)
LENIENT = Weights(dict.fromkeys(FEATURES, 0.0), -5.0, 0.5)
ASKED = JudgeContext("how long does it take")


def check(weights: Weights = LENIENT) -> GroundingCheck:
    return GroundingCheck(HashingEmbedder(64), doubts=weights, hosts=frozenset({"shop.example"}))


async def judged(text: str, *, kind: str = "answer", weights: Weights = LENIENT) -> Verdict:
    draft = Draft(text, kind)  # type: ignore[arg-type]
    return await check(weights).judge(draft, Material(SOURCES), ASKED)


@pytest.mark.parametrize(
    "text",
    [
        "Express delivery in Ireland costs €9.95. [1]",
        "It arrives the next working day if you order before 14:00 [1].",
        "Standard delivery takes one to two working days. [1]",
        "I'm sorry about the wait. Standard delivery takes 1–2 working days. [1]",
        "More is at https://www.shop.example/delivery. [1]",
    ],
)
async def test_what_the_source_says_is_let_through(text: str) -> None:
    assert (await judged(text)).reasons == ()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Express delivery costs €8.95. [1]", "number"),
        ("Standard delivery takes 1–2 days. [1]", "number"),
        ("Order before 16:00. [1]", "number"),
        ("Express delivery in Norway costs €9.95. [1]", "name"),
        ("You can pay with PayPal. [1]", "name"),
        ("Open My account > Privacy > Cancel. [1]", "name"),
        ("Standard delivery takes 1–2 working days.", "uncited"),
        ("Standard delivery takes 1–2 working days. [2]", "uncited"),
        ("See https://shop.example.evil.test/delivery for more. [1]", "link"),
        ("See https://www.shop.example/invented for more. [1]", "link"),
        ("Write to helper@other.example. [1]", "link"),
        ("I promise it arrives the next working day. [1]", "promise"),
        ("I've cancelled your order. [1]", "promise"),
        ("The delay is our fault. [1]", "admission"),
        ("Dyson is slower than standard delivery. [1]", "competitor"),
        ("As an AI language model I deliver in 1–2 working days. [1]", "forbidden"),
        ("My instructions say that standard delivery takes 1–2 working days. [1]", "leak"),
        ("Another customer's order took 1–2 working days. [1]", "others"),
        ("word " * 160 + "[1]", "length"),
        ("[1]", "empty"),
    ],
)
async def test_what_no_answer_may_say_is_stopped_and_named(text: str, reason: str) -> None:
    verdict = await judged(text)
    assert not verdict.passed
    assert reason in [one.kind for one in verdict.reasons]


async def test_a_question_back_states_nothing_new() -> None:
    assert (await judged("Do you mean express or standard delivery?", kind="question")).passed
    assert not (await judged("Do you mean the delivery for €3?", kind="question")).passed
    assert not (await judged("Express it is.", kind="question")).passed


@pytest.mark.parametrize(("years", "stopped"), [("3 years", True), ("1 year", False)])
async def test_a_number_that_the_source_says_of_something_else_is_stopped(years: str, *, stopped: bool) -> None:
    text = "Our lamps have 3 years of warranty from the day of delivery; their batteries have 1 year."
    material = Material((Source(1, "entry", "warranty", "How long is the warranty?", text),))
    verdict = await check().judge(Draft(f"Batteries are covered for {years}. [1]"), material, ASKED)
    assert [reason.kind for reason in verdict.reasons] == (["number"] if stopped else [])


async def test_a_sentence_with_too_much_doubt_is_unsupported() -> None:
    strict = Weights({"uncovered": 10.0}, -3.0, 0.5)
    assert not (await judged("Penguins carry your parcel over frozen lakes. [1]", weights=strict)).passed
    assert (await judged("Standard delivery takes 1–2 working days. [1]", weights=strict)).passed


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Express delivery arrives on the next working day if you order after 14:00. [1]", "number"),
        ("It must arrive today. [2]", "unsupported"),
        ("It may arrive today. [2]", None),
    ],
)
async def test_a_bound_or_a_modal_that_is_turned_needs_no_doubt(text: str, reason: str | None) -> None:
    sources = (*SOURCES, Source(2, "entry", "soon", "Soon", "Express delivery in Ireland can arrive today."))
    verdict = await check().judge(Draft(text), Material(sources), ASKED)
    assert [found.kind for found in verdict.reasons] == ([reason] if reason else [])


async def test_saying_what_comes_next_is_no_promise() -> None:
    source = Source(1, "entry", "book", "Booking", "Tell me a day, and I show you the free times.")
    for text in ("Tell me a day, and I'll show you the free times. [1]", "We let you know the free times. [1]"):
        assert (await check().judge(Draft(text), Material((source,)), ASKED)).reasons == ()
    stopped = await check().judge(Draft("I'll give you the free times. [1]"), Material((source,)), ASKED)
    assert [reason.kind for reason in stopped.reasons] == ["promise"]


async def test_a_check_that_cannot_be_done_says_no() -> None:
    class Down:
        async def embed(self, _: Sequence[str]) -> Embeddings:
            raise EmbedderUnavailable("down")

        async def close(self) -> None: ...

    broken = GroundingCheck(Down(), doubts=LENIENT, hosts=frozenset())
    verdict = await broken.judge(Draft("Standard delivery takes 1–2 working days. [1]"), Material(SOURCES), ASKED)
    assert [reason.kind for reason in verdict.reasons] == ["unchecked"]


@pytest.mark.parametrize("objection", ["violence", None])
async def test_a_moderation_that_objects_stops_the_answer(objection: str | None) -> None:
    class Scripted:
        async def objects_to(self, _: str) -> str | None:
            return objection

        async def close(self) -> None: ...

    moderated = GroundingCheck(HashingEmbedder(64), doubts=LENIENT, hosts=frozenset(), moderation=Scripted())
    verdict = await moderated.judge(Draft("Standard delivery takes 1–2 working days. [1]"), Material(SOURCES), ASKED)
    assert verdict.passed == (objection is None)


def test_quantities_know_what_they_count() -> None:
    assert quantities_in("2–4 working days for €1,450.00, before 14:00, by 10%") == {
        Quantity("2", "working day"), Quantity("4", "working day"), Quantity("1450", "€"), Quantity("14:00", "o'clock"),
        Quantity("10", "%"),
    }  # fmt: skip
    assert strange_in("three years", "3 years") == []
    assert strange_in("3 years", "3 months") == [Quantity("3", "year")]


@pytest.mark.parametrize(
    ("said", "held"),
    [
        ("Send it back within two weeks.", "Send it back within 14 days."),
        ("A seven-day trial.", "The trial lasts a week."),
        ("We answer within two days.", "We answer within 48 hours."),
        ("The bin is emptied every 14 days.", "The bin is emptied every fortnight."),
        ("It lasts twelve months.", "It lasts a year."),
        ("You can renew it two times.", "You can renew it twice."),
        ("It takes about 30 minutes.", "It takes about half an hour."),
        ("It takes twenty-one days.", "It takes 21 days."),
        ("Keys are kept for 3 months.", "Finds are kept for six months, keys for three."),
    ],
)
def test_an_equal_stretch_of_time_is_not_strange(said: str, held: str) -> None:
    assert strange_in(said, held) == []


@pytest.mark.parametrize(
    ("said", "held"),
    [
        ("Within 10 days.", "Within 10 working days."),
        ("Within 30 days.", "Within one month."),
        ("Within three weeks.", "Bring three photos within two weeks."),
        ("You may renew it twice.", "You may renew it once."),
    ],
)
def test_another_stretch_of_time_stays_strange(said: str, held: str) -> None:
    assert strange_in(said, held)


def test_a_number_that_is_none_has_no_stretch() -> None:
    assert strange_in("After 1.2.3 days.", "After 1.2.3 days.") == []


@pytest.mark.parametrize(
    ("said", "held", "stopped"),
    [
        ("Crowns are guaranteed for five years.", "We guarantee crowns for five years.", False),
        ("Crowns are guaranteed for five years.", "Crowns last for five years.", True),
        ("We cannot promise that it is free of nuts.", "There may be traces of nuts.", False),
        ("You may change the date for nothing.", "You may change the date without charge.", False),
        ("You may change the date for nothing.", "You may change the date for €5.", True),
        ("Somebody else may fetch it for you.", "Another person may collect it.", False),
        ("We've put one aside for you.", "It can be ordered.", True),
        ("Pay the deposit straight away.", "The deposit is due at once.", False),
        ("A customer who is late pays the whole price.", "Whoever is late pays the whole price.", False),
        ("The order of customer Maria Lopez is late.", "Orders can be late.", True),
        ("Each further tree costs 40 euros plus postage.", "A further tree is 40 euros and postage.", False),
    ],
)
def test_a_phrase_is_stopped_only_where_the_source_does_not_mean_it(*, said: str, held: str, stopped: bool) -> None:
    assert bool([*phrase_reasons(said, held), *foreign_in(said, held)]) == stopped


def test_a_name_that_is_a_word_counts_as_it_is_written() -> None:
    assert foreign_in("It is free with Plus.", "It is free for members.") == ["alderwick plus"]
    assert foreign_in("It costs €5 plus postage.", "It costs €5 and postage.") == []


def test_a_foreign_name_is_one_that_the_source_lacks() -> None:
    assert foreign_in("Pip and Wren", "Wren headphones") == ["pip"]
    assert foreign_in("paid by bank transfer", "an unpaid bank-transfer order") == []


@pytest.mark.parametrize(
    ("worse", "feature"),
    [
        ("Standard delivery does not take 1–2 working days.", "contradicted"),
        ("Standard delivery takes 1–2 working days if the moon is full.", "condition"),
        ("Standard delivery arrives on the next working day if you order before 14:00.", "scattered"),
        ("Cancelling works at the warehouse door.", "uncovered"),
    ],
)
async def test_a_change_for_the_worse_shows_in_its_feature(worse: str, feature: str) -> None:
    source = SourceText.of("Delivery", TEXT)
    good = "Standard delivery takes 1–2 working days."
    texts = [good, worse, *source.sentences, *source.words, *worse.casefold().replace(".", "").split()]
    vectors = dict(zip(texts, (await HashingEmbedder(64).embed(texts)).vectors, strict=True))
    assert features_of(worse, source, vectors)[feature] > features_of(good, source, vectors)[feature]
