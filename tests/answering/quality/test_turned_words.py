"""Small words that turn a sentence: bounds, must and may, all and some, conditions."""

import pytest

from answering.quality.binding import Layout, torn
from answering.quality.bounds import turned_bounds
from answering.quality.modals import modals_of
from answering.quality.scope import scope_of
from answering.quality.words import stems_of

FREE = "Delivery is free from €50. Cancel within 14 days; after 14 days it costs €5."


@pytest.mark.parametrize(
    ("sentence", "source", "values"),
    [
        ("Delivery is free below €50.", FREE, ["50"]),
        ("It runs for at least 150 minutes.", "It runs up to 150 minutes.", ["150"]),
        ("There must be 0.3 litres or less in it.", "Check that at least 0.3 litres are in.", ["0.3"]),
        ("It works after 31 August 2026.", "Until 31 August 2026 it works.", ["31", "2026"]),
        ("Delivery is free at €50 or more.", FREE, []),
        ("You can cancel after 14 days, too.", FREE, []),
        ("Delivery costs nothing, and €50 is the limit.", FREE, []),
        ("It takes at most 3 days.", "It takes 3 days.", []),
        ("Pay at least 30 days before you leave.", "Pay no later than 30 days before departure.", []),
        ("Pay less than 30 days before you leave.", "Pay at least 30 days before departure.", ["30"]),
        ("It is never less than €45.", "It is at least €45.", []),
        ("It is no more than €45.", "It is at least €45.", ["45"]),
        ("Spend as much as 100 euros on food.", "Spend up to 100 euros on food.", []),
        ("From 5 to 11 they fly free.", "Aged 5 to 11 they fly free.", []),
        ("We write by letter 30 days in advance.", "We write at least 30 days before.", []),
        ("Come within 3 weeks.", "Come after 3 working days, in about 3 weeks.", []),
    ],
)
def test_a_bound_on_the_other_side_is_turned(sentence: str, source: str, values: list[str]) -> None:
    assert turned_bounds(sentence, source) == values


@pytest.mark.parametrize(
    ("sentence", "source", "measure", "value"),
    [
        ("You have to accept the parcel.", "You may accept the parcel.", "modal_turned", 1.0),
        ("You can wash the filter.", "Don't wash the filter.", "modal_turned", 1.0),
        ("You don't need to register.", "You must register.", "modal_turned", 1.0),
        ("We don't accept cheques.", "We take no cheques.", "modal_turned", 0.0),
        ("You can book without an account.", "To book you need no account.", "modal_turned", 0.0),
        ("You could wash the filter.", "The filter may be washed.", "modal_turned", 0.0),
        ("You must wash the filter.", "We wash the filter.", "modal_added", 1.0),
        ("We wash the filter.", "We wash the filter.", "modal_added", 0.0),
    ],
)
def test_words_under_another_modal_are_seen(sentence: str, source: str, measure: str, value: float) -> None:
    assert modals_of(sentence, source)[measure] == pytest.approx(value)


@pytest.mark.parametrize(
    ("sentence", "nearest", "measure"),
    [
        ("All parts are free.", "Some parts are free.", "all_added"),
        ("It usually helps.", "It helps.", "some_added"),
        ("It helps.", "It usually helps.", "some_dropped"),
        ("Keep the receipt if you call.", "Keep the receipt.", "condition_added"),
        ("Checking costs €25.", "Checking costs €25 if you decline the repair.", "condition_dropped"),
        ("It costs €25 even if you order the repair.", "It costs €25 unless you order the repair.", "condition_turned"),
        ("Checking is free if you pay the repair.", "Checking is free. You pay the repair by card.", "condition_made"),
    ],
)
def test_a_sentence_that_reaches_further_or_less_far_shows_it(sentence: str, nearest: str, measure: str) -> None:
    stems = stems_of(nearest)
    assert scope_of(sentence, nearest, nearest, stems)[measure] > scope_of(nearest, nearest, nearest, stems)[measure]


def test_words_are_torn_where_the_source_has_them_far_apart() -> None:
    source = Layout.of("The lamp has a switch on its base. The clamp holds on desks, shelves and boards of any wood.")
    assert torn(Layout.of("The lamp has a switch."), source) == 0.0
    assert torn(Layout.of("The switch holds on wood."), source) > 0.5
