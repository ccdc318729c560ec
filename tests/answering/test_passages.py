"""The sentence of an entry that answers a short follow-up to it."""

import pytest

from answering.ladder import Ladder
from answering.model import Question
from answering.passages import Passages
from answering.settings import AnsweringSettings
from retrieval.adapters.hashing_embedder import HashingEmbedder
from retrieval.errors import EmbedderUnavailable
from retrieval.model import Entry, EntryId
from retrieval.ports import Embeddings
from tests.answering.conftest import NOON, ScriptedIndex

FILTER = (
    "Change the filter (€35.00) every 6 months. Open the base by turning it left, swap the filter and close it. "
    "The filter can't be washed; vacuum the outer net monthly."
)
REPAIR = "Yes. A repair takes 8 working days. You pay €60.00 for it. Send the machine in its own box."


@pytest.fixture
def passages() -> Passages:
    return Passages(HashingEmbedder())


@pytest.mark.parametrize(
    ("asked", "answer", "part"),
    [
        ("can the filter be washed", FILTER, "can't be washed"),
        ("and how often change it?", FILTER, "every 6 months"),
        ("how long is a repair", REPAIR, "8 working days"),
        ("what do you take for it, how much", REPAIR, "€60.00"),
    ],
)
async def test_the_sentence_with_what_is_asked_for_is_found(
    passages: Passages, asked: str, answer: str, part: str
) -> None:
    found = await passages.best(asked, answer)
    assert found is not None
    assert part in found.text


async def test_what_no_sentence_holds_is_unlikely(passages: Passages) -> None:
    held = await passages.best("can the filter be washed", FILTER)
    strange = await passages.best("does it come in green", FILTER)
    priced = await passages.best("how much is washing the net", FILTER.replace("(€35.00) ", ""))
    assert held is not None
    assert strange is not None
    assert priced is not None
    assert held.relevance > 0.75 > max(strange.relevance, priced.relevance)


async def test_a_mere_yes_goes_with_the_sentence_after_it(passages: Passages) -> None:
    found = await passages.best("is a repair long", REPAIR)
    assert found is not None
    assert found.text == "Yes. A repair takes 8 working days."


async def test_a_whole_question_an_entry_of_one_sentence_and_no_vectors_find_nothing(passages: Passages) -> None:
    class Down(HashingEmbedder):
        async def embed(self, _texts: object) -> Embeddings:
            raise EmbedderUnavailable("down")

    whole = "can the filter of the machine that I bought from you last year be washed by hand"
    assert await passages.best(whole, FILTER) is None
    assert await passages.best("can the filter be washed", "The filter can't be washed.") is None
    assert await Passages(Down()).best("can the filter be washed", FILTER) is None


async def test_the_ladder_tells_a_part_only_of_what_may_be_told_and_with_its_source(index: ScriptedIndex) -> None:
    index.entries = {
        EntryId(name): Entry(
            entry_id=EntryId(name), document_id=name, title=f"About {name}", questions=("how",), answer=FILTER,
            category="general", audience=audience,
        )
        for name, audience in (("open", "public"), ("secret", "staff"))
    }  # fmt: skip
    settings = AnsweringSettings(answer_at=0.75)
    ladder = Ladder(index, settings, now=lambda: NOON, passages=Passages(HashingEmbedder()))
    asked = Question("can the filter be washed")
    told = await ladder.sentence(asked, ["gone", "open"])
    assert told is not None
    assert (told.kind, told.sentence, told.citations[0].entry_id) == ("entry", True, "open")
    assert told.text == "The filter can't be washed; vacuum the outer net monthly."
    assert await ladder.sentence(asked, ["secret"]) is None
    assert await ladder.sentence(Question("does it come in green"), ["open"]) is None
