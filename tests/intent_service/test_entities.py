"""Entities: what customers write, as one normal value each."""

import itertools
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intent_service.entities.extractor import EntityExtractor, only_facts
from intent_service.nlu_data.model import Gazetteer

MIDDAY = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def found(extractor: EntityExtractor, text: str) -> list[tuple[str, str, str]]:
    return [(one.entity, one.value, text[one.start : one.end]) for one in extractor.extract(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10046", [("order_number", "10046", "10046")]),
        ("ticket t 100234", [("ticket_number", "T-100234", "t 100234")]),
        ("T–100234", [("ticket_number", "T-100234", "T–100234")]),
        ("it's Jo@Example.org.", [("email", "jo@example.org", "Jo@Example.org")]),
        ("mail o'neil+x@alderwick.example", [("email", "o'neil+x@alderwick.example", "o'neil+x@alderwick.example")]),
        ("call 087 123 4567", [("phone", "+353871234567", "087 123 4567")]),
        ("call +44 20 7946 0958", [("phone", "+442079460958", "+44 20 7946 0958")]),
        ("tracking 00340434161094042557", []),
        ("tracking 353871234567", []),
        ("49,90 € please", [("amount", "49.90 EUR", "49,90 €")]),
        ("€1.299,00", [("amount", "1299.00 EUR", "€1.299,00")]),
        ("fifty? 50 quid", [("amount", "50.00 GBP", "50 quid")]),
        ("tomorrow at 3pm", [("date", "2026-11-24T15:00", "tomorrow at 3pm")]),
        ("2 weeks ago", [("date", "2026-11-09", "2 weeks ago")]),
        ("next Friday", [("date", "2026-11-27", "next Friday")]),
        ("i ordered it on Friday", [("date", "2026-11-20", "Friday")]),
        ("thursday afternoon", [("date", "2026-11-26T14:00", "thursday afternoon")]),
        ("3rd of december", [("date", "2026-12-03", "3rd of december")]),
        ("5/11/2026", [("date", "2026-11-05", "5/11/2026")]),
        ("may I ask", []),
        ("my Kettle", [("product", "Tarn kettle", "Kettle")]),
        ("wren headphnes", [("product", "Wren headphones", "wren headphnes")]),
        ("WREN-HEADPHONES!", [("product", "Wren headphones", "WREN-HEADPHONES")]),
        ("northern irland", [("country", "northern ireland", "northern irland")]),
        ("coffee stain", []),
        ("filter", [("product", "filter", "filter")]),
    ],
)
def test_values_are_normalised(extractor: EntityExtractor, text: str, expected: list[tuple[str, str, str]]) -> None:
    assert found(extractor, text) == expected


@pytest.mark.parametrize("text", [f"€{'9' * 30}", f"{'9' * 400} euros", f"{'٣' * 40} quid", "€9 999 999 999 999 999"])
def test_more_money_than_there_is_fails_nobodys_message(extractor: EntityExtractor, text: str) -> None:
    assert "amount" not in [name for name, _, _ in found(extractor, text)]


def test_several_in_one_message_come_in_order_without_overlap(extractor: EntityExtractor) -> None:
    text = "order 10046 for jo@example.org, the ketle, 2 weeks ago, €49"
    assert [name for name, _, _ in found(extractor, text)] == ["order_number", "email", "product", "date", "amount"]


def test_the_surer_extractor_wins_where_two_see_something(extractor: EntityExtractor) -> None:
    assert found(extractor, "10046@kettle.org") == [("email", "10046@kettle.org", "10046@kettle.org")]
    assert found(extractor, "T-110046") == [("ticket_number", "T-110046", "T-110046")]


@pytest.mark.parametrize(
    "text", ["10046", "it's jo@example.org", "order 10046 thanks", "the kettle", "tomorrow please"]
)
def test_bare_facts_are_recognised(extractor: EntityExtractor, text: str) -> None:
    assert only_facts(text, extractor.extract(text))


@pytest.mark.parametrize("text", ["where is 10046", "cancel order 10046", "thanks", "the kettle is broken", "10046?"])
def test_requests_with_facts_are_not_bare_facts(extractor: EntityExtractor, text: str) -> None:
    assert not only_facts(text, extractor.extract(text))


@given(st.text(max_size=200))
def test_no_text_breaks_the_extractors_and_offsets_hold(text: str) -> None:
    bare = EntityExtractor(Gazetteer(), is_word=lambda _: False, region="IE", now=lambda: MIDDAY)
    spans = bare.extract(text)
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert all(a.end <= b.start for a, b in itertools.pairwise(spans))
