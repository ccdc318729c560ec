"""What a source says itself needs no judge; what was left out of it may."""

import pytest

from answering.quality.own_words import in_its_own_words

SOURCE = (
    "Spares and lids (glass, steel) are kept for 5 years, also after the kettle has left the shop. "
    "You may swap a lid once, but not without the receipt."
)


@pytest.mark.parametrize(
    "sentence",
    [
        "Spares and lids (glass, steel) are kept for 5 years, also after the kettle has left the shop.",
        "Spares are kept for 5 years, also after the kettle has left the shop.",
    ],
)
def test_the_sources_own_words_in_their_order_are_held(sentence: str) -> None:
    assert in_its_own_words(sentence, SOURCE)


@pytest.mark.parametrize(
    "sentence",
    [
        "Spares are kept after the kettle has left the shop.",  # the number is gone
        "You may swap a lid once without the receipt.",  # the negation is gone
        "You may swap a lid once.",  # so is the condition
        "Lids and spares are kept for 5 years, also after the kettle has left the shop.",  # another order
        "Spares are kept for 5 years, also after the kettle has left the building.",
        "Spares are kept",  # too little to tell
    ],
)
def test_a_turned_shortened_or_other_sentence_is_left_to_the_judge(sentence: str) -> None:
    assert not in_its_own_words(sentence, SOURCE)
