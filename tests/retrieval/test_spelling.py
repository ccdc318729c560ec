"""A question's slips are mended towards the index's and the language's words; what is a word stays."""

import pytest

from retrieval.relevance.vocabulary import Vocabulary, collect_words
from retrieval.spelling import mended

_ENTRIES = (
    "How long do I have to return a kettle? You have thirty days from delivery.",
    "Is the warranty on headphones extended when they are repaired?",
    "Ireland, Northern Ireland and Great Britain are delivered to within the week.",
    "Where can I recycle the batteries of my headphones? At the workshop.",
)


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    made = Vocabulary(collect_words(_ENTRIES), None)
    for entry in _ENTRIES:
        made.count([entry], "en")
    return made


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("my ketle broke", "my kettle broke"),
        ("is it under warrenty", "is it under warranty"),
        ("the hedphones wont pair", "the headphones wont pair"),
        ("how long is the warantey", "how long is the warranty"),  # two slips in a long word of the index
        ("wehn does it come", "when does it come"),  # a word of the language that no entry has
        ("it wasnt me", "it wasn't me"),
        ("pleeeease help", "please help"),
        ("howlong do i have", "how long do i have"),
        ("can i get smth 4 my dog, pls", "can i get something 4 my dog, please"),
        ("DELIVRY WHEN", "delivery WHEN"),
    ],
)
def test_a_slip_becomes_the_likeliest_word(vocabulary: Vocabulary, written: str, meant: str) -> None:
    assert mended(written, vocabulary, "en") == meant


@pytest.mark.parametrize(
    "written",
    [
        "do you deliver to iceland",  # not Ireland
        "is there wifi in the workshop",  # younger than the dictionary, and not a wife
        "write to anna.kettl@delivry.example or see www.retrun.example/ketle",
        "order no. 10046 and part AW-2O1",
        "I don't know, it doesn't pair",
        "xqzzv blorptang",
        "what they say about it on reddit",  # no rare word that is near to a name
        "",
    ],
)
def test_what_is_a_word_a_name_or_near_to_nothing_stays(vocabulary: Vocabulary, written: str) -> None:
    assert mended(written, vocabulary, "en") == written


def test_another_language_has_its_own_words(vocabulary: Vocabulary) -> None:
    assert mended("es ist nicht gekomen", vocabulary, "de") == "es ist nicht gekommen"
    assert mended("kan jag retrunera", vocabulary, "sv") == "kan jag retrunera"  # no dictionary of it


def test_a_text_of_slips_alone_is_mended_as_far_as_a_question_goes(vocabulary: Vocabulary) -> None:
    text = " ".join(["ketle"] * 100)
    assert mended(text, vocabulary, "en").split().count("kettle") == 16
