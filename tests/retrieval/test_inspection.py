"""What is odd about the knowledge is found; what is not odd is left alone."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from retrieval.adapters.embedded.searcher import Searcher
from retrieval.adapters.hashing_embedder import HashingEmbedder
from retrieval.evaluation.bench import content_of, opened
from retrieval.inspection import stats, verify
from retrieval.model import Entry
from retrieval.relevance import calibration
from tests.retrieval.conftest import NOON
from tests.retrieval.knowledge_index_contract import HOURS, RETURNS, entry


async def findings(entries: list[Entry]) -> list[tuple[str, str]]:
    with opened(await content_of(entries, HashingEmbedder(128))) as searcher:
        return [(found.entry_id, found.oddity) for found in verify(searcher, calibration.load(), NOON)]


async def test_nothing_odd_is_nothing_said() -> None:
    assert await findings([RETURNS, HOURS]) == []


@pytest.mark.parametrize(
    ("change", "oddity"),
    [
        ({"valid_until": NOON}, "expired"),
        ({"valid_until": NOON + timedelta(days=29)}, "expires soon"),
        ({"valid_until": NOON + timedelta(days=31)}, None),
        ({"valid_from": NOON + timedelta(days=1)}, "not yet valid"),
        ({"valid_from": NOON}, None),
    ],
)
async def test_validity_is_looked_at(change: dict[str, object], oddity: str | None) -> None:
    found = await findings([replace(RETURNS, **change), HOURS])  # type: ignore[arg-type]
    assert found == ([("returns", oddity)] if oddity else [])


async def test_two_entries_with_the_same_question_are_told() -> None:
    twin = entry("twin", "Something else", "Quite another text about lamps.", questions=("Return window?",))
    found = await findings([RETURNS, twin])
    assert ("twin", "near duplicate") in found
    assert "not found by its own question" in {oddity for _, oddity in found}


async def test_two_entries_that_say_the_same_are_told_once() -> None:
    twin = replace(RETURNS, entry_id="twin", questions=())  # type: ignore[arg-type]
    assert [pair for pair in await findings([RETURNS, twin]) if pair[1] == "near duplicate"] == [
        ("twin", "near duplicate")
    ]


async def test_an_expired_twin_is_no_duplicate() -> None:
    twin = replace(RETURNS, entry_id="twin", questions=(), valid_until=NOON)  # type: ignore[arg-type]
    assert await findings([RETURNS, twin]) == [("twin", "expired")]


@pytest.fixture
async def searcher() -> Iterator[Searcher]:
    entries = [RETURNS, replace(HOURS, audience="staff"), entry("old", "Old", valid_until=NOON)]
    with opened(await content_of(entries, HashingEmbedder(128))) as made:
        yield made


async def test_stats_count_entries_and_what_a_visitor_may_be_told(searcher: Searcher) -> None:
    counted = stats(searcher, NOON)
    assert (counted.entries, counted.visible, counted.questions) == (3, 1, 1)
    assert counted.by_audience == {"public": 2, "staff": 1}
    assert counted.passages == 7
