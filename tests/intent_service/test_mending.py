"""Slips and signatures are taken away before the model reads; what is right or strange stays."""

import pytest

from intent_service.signature import before_signature
from intent_service.spelling import Spelling, dictionary

WORDS = ("my", "is", "where", "order", "parcel", "please", "deliver", "hello", "refund")
ENGLISH = {"hello", "bank", "tock", "hotel"}
SPELLING = Spelling(WORDS, is_word=ENGLISH.__contains__)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("wheer is my pacel", "where is my parcel"),
        ("I want a RFEUND", "I want a REFUND"),
        ("pleeeease", "please"),
        ("helllo", "hello"),
        ("whereis myparcel", "where is my parcel"),
        ("my oder, pleas!", "my order, please!"),
    ],
)
def test_a_slip_is_mended(written: str, read: str) -> None:
    assert SPELLING.mended(written) == read


@pytest.mark.parametrize(
    "written",
    [
        "my hotel bank",  # words, though near to none of ours
        "xkcvb wubba",  # near to nothing
        "oder@parcl.example and www.oders.example/pacel",  # addresses are no words
        "ordr7 10046",
        "ord",  # too short to tell
        "",
    ],
)
def test_everything_else_stays(written: str) -> None:
    assert SPELLING.mended(written) == written


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("10760 never came", "10046 never came"),
        ("ticket T-887588, please", "ticket T-300417, please"),
        ("since 2024", "since 2024"),  # no number of that length was trained
    ],
)
def test_which_number_somebody_names_makes_no_difference(written: str, read: str) -> None:
    spelling = Spelling(WORDS, is_word=lambda _: True, numbers=("10046", "300417", "10131"))
    assert spelling.mended(written) == read


def test_of_two_words_as_near_the_one_with_the_same_first_letter_is_meant() -> None:
    spelling = Spelling(("sending", "lending", "bending"), is_word=lambda _: False)
    assert spelling.mended("bendin lendin") == "bending lending"
    assert spelling.mended("wending") == "sending"  # none begins with w: the most frequent


def test_without_trained_words_nothing_is_touched() -> None:
    assert Spelling((), is_word=lambda _: False).mended("wheer is it") == "wheer is it"


@pytest.mark.parametrize(
    ("pasted", "said"),
    [
        ("Where is it?\nKind regards,\nMo Adeyemi\nHead of Sales", "Where is it?"),
        ("Where is it?\n\nMit freundlichen Grüßen\nJana", "Where is it?"),
        ("Where is it?\n-- \nMo", "Where is it?"),
        ("Where is it?\n\nSent from my phone", "Where is it?\n"),
    ],
)
def test_what_follows_a_sign_off_is_not_read(pasted: str, said: str) -> None:
    assert before_signature(pasted).rstrip() == said.rstrip()


@pytest.mark.parametrize(
    "text",
    [
        "Kind regards,\nMo",  # nothing stands before it
        "He sends his best regards\nand wants his money",  # a sentence, and it is the first line
        "a\nI was told with regards to my order it would come today",
        "where is it -- really\nI need it",
    ],
)
def test_a_message_without_sign_off_is_read_whole(text: str) -> None:
    assert before_signature(text) == text


def test_words_of_the_language_that_training_never_met_are_no_slips() -> None:
    english = dictionary("en")
    assert all(english(word) for word in ("scam", "refill", "beeps"))
    assert not any(english(word) for word in ("refnd", "delivrey", "ordr"))
    assert not dictionary("zz")("scam")
