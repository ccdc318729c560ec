"""What belongs together in a source, and how a sentence is seen to put it together otherwise."""

import pytest

from answering.quality.binding import Layout, misplaced, rebound_in
from answering.quality.claims import Statements, claims_of
from answering.quality.quantities import Quantity, strange_in
from answering.quality.statements import clauses_of

WARRANTY = "Our lamps have 3 years of warranty from the day of delivery; their batteries have 1 year."
CARE = "Rinse the filter weekly, replace the sponge monthly. Never put the filter into the dishwasher."


@pytest.mark.parametrize(
    ("source", "sentence", "value"),
    [
        (WARRANTY, "Batteries have 3 years of warranty.", "3 year"),
        (WARRANTY, "Lamps come with 1 year of warranty.", "1 year"),
        ("It costs €5, or nothing from an order value of €50.", "It is free from an order value of €5.", "5 €"),
        ("After 60 seconds of grinding it needs a 3-minute rest.", "It needs a rest of 60 seconds.", "60 second"),
    ],
)
def test_a_number_is_bound_to_what_stands_beside_it(source: str, sentence: str, value: str) -> None:
    found = rebound_in(Layout.of(sentence), Layout.of(source), frozenset({"warranti"}))
    assert [anchor.value for _, anchor in found if anchor.counts] == [value]


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        (WARRANTY, "Batteries are covered by 1 year of warranty."),
        (WARRANTY, "Lamps have a warranty of 3 years."),
        (WARRANTY, "Lamps have 3 years and their batteries 1 year."),
        ("After 60 seconds of grinding it needs a 3-minute rest.", "Let it rest for 3 minutes after 60 seconds."),
    ],
)
def test_a_number_that_stays_with_its_own_is_not_suspected(source: str, sentence: str) -> None:
    assert rebound_in(Layout.of(sentence), Layout.of(source), frozenset()) == []


def test_words_of_the_topic_are_no_witnesses() -> None:
    found = rebound_in(Layout.of("Batteries have 3 years."), Layout.of(WARRANTY), frozenset({"batteri"}))
    assert found == []


def test_members_that_changed_places_are_misplaced() -> None:
    source = Layout.of(CARE)
    assert misplaced(Layout.of("Replace the sponge weekly."), source) > misplaced(Layout.of("Rinse it weekly."), source)


@pytest.mark.parametrize(
    ("sentence", "feature"),
    [
        ("You can put the filter into the dishwasher.", "flipped"),
        ("Rinse the sponge weekly.", "scattered"),
        ("Put the sponge into the dishwasher.", "apart"),
        ("The filter also goes into the dishwasher.", "added"),
        ("Put the filter into the dishwasher.", "unexcepted"),
    ],
)
def test_a_claim_of_its_own_shows(sentence: str, feature: str) -> None:
    source = Statements.of(CARE)
    faithful = claims_of("Never put the filter into the dishwasher.", source)
    assert claims_of(sentence, source)[feature] > faithful[feature]


def test_a_word_and_its_opposite_are_the_same_clause_with_another_sign() -> None:
    accepted, refused = clauses_of("You may accept the parcel")[0], clauses_of("You may refuse the parcel")[0]
    assert accepted.stems == refused.stems
    assert (accepted.negated, refused.negated) == (False, True)


def test_one_year_is_a_number_where_the_source_has_another_one_and_a_year_is_not() -> None:
    assert strange_in("It lasts 1 year.", "It lasts 3 years.") == [Quantity("1", "year")]
    assert strange_in("It costs that a year.", "It costs that every 12 months.") == []
