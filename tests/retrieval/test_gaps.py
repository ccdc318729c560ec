"""The record of unanswered questions is bounded, and its clusters are what people asked."""

from datetime import datetime, timedelta
from pathlib import Path

from privacy.personal_data import PersonalData
from retrieval.adapters.hashing_embedder import HashingEmbedder
from retrieval.errors import EmbedderUnavailable
from retrieval.gaps.clusters import gaps
from retrieval.gaps.record import GapRecord, Unanswered
from retrieval.ports import Embeddings
from tests.retrieval.conftest import NOON


class Clock:
    now = NOON

    def __call__(self) -> datetime:
        return self.now


def test_the_record_forgets_what_is_old_or_too_much(tmp_path: Path) -> None:
    clock = Clock()
    record = GapRecord(tmp_path / "g.db", PersonalData(), days=10, most=3, now=clock)
    assert record.all() == []
    for day in range(5):
        clock.now = NOON + timedelta(days=day)
        record.note(f"question {'abcde'[day]}", "none")
    assert [item.question for item in record.all()] == ["question c", "question d", "question e"]
    assert len(record.all(since=NOON + timedelta(days=4))) == 1
    clock.now = NOON + timedelta(days=13, seconds=1)
    assert [item.question for item in record.all()] == ["question e"]
    record.note("question f", "none")
    clock.now = NOON
    assert [item.question for item in record.all()] == ["question e", "question f"]


def test_no_person_can_be_read_out_of_the_file(tmp_path: Path) -> None:
    record = GapRecord(tmp_path / "g.db", PersonalData(), days=10, most=3, now=Clock())
    record.note("I am anna@mail.test, 087 123 4567, card 4111 1111 1111 1111, order 10046: where?", "none")
    raw = (tmp_path / "g.db").read_bytes()
    assert not [part for part in (b"anna", b"4567", b"4111", b"10046") if part in raw]
    assert b"where?" in raw


def asked(*questions: str) -> list[Unanswered]:
    return [Unanswered(text, "none", NOON + timedelta(minutes=n)) for n, text in enumerate(questions)]


async def test_what_asks_the_same_comes_together_the_most_frequent_first() -> None:
    found = await gaps(
        asked("Can I bring my dog?", "rent a kettle", "rent a blue kettle", "Rent a kettle!", "kettle to rent"),
        HashingEmbedder(256),
    )
    assert [(gap.count, gap.wordings[0]) for gap in found] == [(4, "rent a kettle"), (1, "Can I bring my dog?")]
    assert found[0].last == NOON + timedelta(minutes=4)


async def test_without_vectors_equal_words_come_together() -> None:
    class Down(HashingEmbedder):
        async def embed(self, _texts: object) -> Embeddings:
            raise EmbedderUnavailable("down")

    found = await gaps(asked("rent a kettle", "rent a blue kettle", "A kettle, rent?"), Down())
    assert [gap.count for gap in found] == [2, 1]
    assert await gaps([], Down()) == []
