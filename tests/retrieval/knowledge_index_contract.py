"""What every engine behind ``KnowledgeIndex`` must do; an engine's test module subclasses this suite."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from retrieval.model import Entry, EntryId, SearchFilters
from retrieval.ports import KnowledgeIndex

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
SOMEBODY = SearchFilters(at=NOON)

Publish = Callable[[list[Entry]], Awaitable[KnowledgeIndex]]


def entry(name: str, title: str, answer: str = "An answer.", **more: object) -> Entry:
    """An entry with what the test is about."""
    return replace(Entry(EntryId(name), name, title, answer), **more)  # type: ignore[arg-type]


RETURNS = entry("returns", "How long can I return things?", "For 30 days.", questions=("return window",))
HOURS = entry("hours", "When is the showroom open?", "From ten to six.", category="store")


class KnowledgeIndexContract:
    """Subclasses give a ``publish`` fixture that replaces the index's content and returns the index."""

    async def test_the_entry_that_answers_comes_first_with_all_that_is_told_of_it(self, publish: Publish) -> None:
        index = await publish([RETURNS, replace(HOURS, url="https://www.example/hours", source="faq/hours.md")])
        result = await index.search("when is the showroom open?", filters=SOMEBODY)
        first = result.hits[0]
        assert (first.entry_id, first.title, first.answer) == (HOURS.entry_id, HOURS.title, HOURS.answer)
        assert (first.category, first.url, first.source) == ("store", "https://www.example/hours", "faq/hours.md")
        assert result.dense

    async def test_relevance_is_a_probability_and_orders_the_hits(self, publish: Publish) -> None:
        index = await publish([RETURNS, HOURS])
        hits = (await index.search("how long can I return my kettle", filters=SOMEBODY)).hits
        assert [hit.relevance for hit in hits] == sorted((hit.relevance for hit in hits), reverse=True)
        assert all(0.0 <= hit.relevance <= 1.0 for hit in hits)

    async def test_contributions_add_up_to_the_relevance(self, publish: Publish) -> None:
        index = await publish([RETURNS, HOURS])
        first = (await index.search("return window", filters=SOMEBODY)).hits[0]
        logit = sum(first.contributions.values())
        assert first.relevance == pytest.approx(1 / (1 + pow(2.718281828459045, -logit)))

    async def test_no_more_hits_than_asked_for(self, publish: Publish) -> None:
        index = await publish([entry(f"e{n}", f"Returning parcel number {n}") for n in range(9)])
        assert len((await index.search("returning a parcel", top_k=3, filters=SOMEBODY)).hits) == 3

    @pytest.mark.parametrize("query", ["", "   ", "\n\t"])
    async def test_an_empty_question_finds_nothing(self, publish: Publish, query: str) -> None:
        index = await publish([RETURNS])
        assert (await index.search(query, filters=SOMEBODY)).hits == ()

    @pytest.mark.parametrize("query", ["🙂🙂", "?!", "x" * 20_000, "zz " * 5_000, "a AND (b OR", '"\\*:~', "\0\x07"])
    async def test_a_strange_question_is_survived(self, publish: Publish, query: str) -> None:
        index = await publish([RETURNS])
        assert all(hit.relevance < 0.75 for hit in (await index.search(query, filters=SOMEBODY)).hits)

    async def test_an_empty_index_finds_nothing(self, publish: Publish) -> None:
        index = await publish([])
        assert (await index.search("return", filters=SOMEBODY)).hits == ()

    async def test_an_expired_entry_is_never_a_candidate(self, publish: Publish) -> None:
        index = await publish([replace(RETURNS, valid_until=NOON)])
        before = replace(SOMEBODY, at=NOON - timedelta(microseconds=1))
        assert (await index.search("return window", filters=before)).hits
        assert (await index.search("return window", filters=SOMEBODY)).hits == ()
        assert await index.get(RETURNS.entry_id, filters=before)
        assert await index.get(RETURNS.entry_id, filters=SOMEBODY) is None

    async def test_a_future_entry_is_never_a_candidate(self, publish: Publish) -> None:
        index = await publish([replace(RETURNS, valid_from=NOON)])
        before = replace(SOMEBODY, at=NOON - timedelta(microseconds=1))
        assert (await index.search("return window", filters=SOMEBODY)).hits
        assert (await index.search("return window", filters=before)).hits == ()
        assert await index.get(RETURNS.entry_id, filters=before) is None

    async def test_an_entry_for_staff_is_never_told_to_a_customer(self, publish: Publish) -> None:
        index = await publish([replace(RETURNS, audience="staff"), HOURS])
        customer = replace(SOMEBODY, audience=frozenset({"public", "customer"}))
        staff = replace(SOMEBODY, audience=frozenset({"public", "customer", "staff"}))
        for filters, told in ((SOMEBODY, False), (customer, False), (staff, True)):
            found = {hit.entry_id for hit in (await index.search("return window", filters=filters)).hits}
            assert (RETURNS.entry_id in found) is told
            assert (await index.get(RETURNS.entry_id, filters=filters) is not None) is told

    async def test_nobody_is_told_anything_without_an_audience(self, publish: Publish) -> None:
        index = await publish([RETURNS])
        assert (await index.search("return", filters=replace(SOMEBODY, audience=frozenset()))).hits == ()

    async def test_an_entry_of_another_language_is_never_a_candidate(self, publish: Publish) -> None:
        german = entry("hours-de", "Wann ist der showroom open?", locale="de")
        index = await publish([HOURS, german])
        for locale, wanted in (("en", HOURS), ("en-IE", HOURS), ("de", german), ("de_AT", german)):
            hits = (await index.search("showroom open", filters=replace(SOMEBODY, locale=locale))).hits
            assert [hit.entry_id for hit in hits] == [wanted.entry_id]

    async def test_categories_narrow_the_search(self, publish: Publish) -> None:
        index = await publish([RETURNS, HOURS])
        store = replace(SOMEBODY, categories=frozenset({"store"}))
        assert [h.entry_id for h in (await index.search("return window", filters=store)).hits] == [HOURS.entry_id]

    async def test_entries_that_may_not_be_told_take_no_place_in_the_ranking(self, publish: Publish) -> None:
        hidden = [entry(f"old{n}", "How long can I return things?", valid_until=NOON) for n in range(200)]
        index = await publish([*hidden, RETURNS])
        hits = (await index.search("How long can I return things?", filters=SOMEBODY)).hits
        assert [hit.entry_id for hit in hits] == [RETURNS.entry_id]

    async def test_an_entry_is_got_whole_by_its_id(self, publish: Publish) -> None:
        whole = replace(
            RETURNS, products=("AW-201",), path=("Manual", "Returns"), valid_from=NOON, updated="2026-01-01"
        )
        index = await publish([whole])
        assert await index.get(whole.entry_id, filters=SOMEBODY) == whole
        assert await index.get(EntryId("nothing"), filters=SOMEBODY) is None

    async def test_a_new_content_is_noticed_without_reopening(self, publish: Publish) -> None:
        index = await publish([RETURNS])
        first = await index.version()
        assert (await publish([HOURS])) is index
        assert await index.version() != first
        assert [h.entry_id for h in (await index.search("return", filters=SOMEBODY)).hits] == [HOURS.entry_id]

    async def test_a_misspelt_question_is_understood(self, publish: Publish) -> None:
        index = await publish([RETURNS, HOURS])
        hits = (await index.search("shoowroom opn", filters=SOMEBODY)).hits
        assert hits[0].entry_id == HOURS.entry_id
