"""Personal data of people who chat: found, masked, and given back to nobody but its owner."""

import os
from pathlib import Path

import pytest

from answering.evaluation.personal_data import wrong_numbers
from privacy.masking import Masking, Maskings
from privacy.personal_data import PersonalData

EVAL_DATA = Path(os.environ.get("EVAL_DATA", "../shared/eval"))
FINDER = PersonalData(frozenset({"shop.example"}), frozenset({"+353915550142"}), addresses=frozenset({"14 quay lane"}))


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("my pps is 7654321PA", "my pps is [id number]"),
        ("it should go to 8 Orchard Grove, Sligo", "it should go to [address]"),
        ("the password is Regen#77", "the password is [password]"),
        ("nora at webmail dot ie", "[e-mail]"),
        ("BSN 123456782", "BSN [id number]"),
        ("from iban MA64 0115 1900 0001 2050 0053 4921", "from iban [account]"),
    ],
)
def test_what_people_write_in_a_chat_is_hidden(text: str, hidden: str) -> None:
    assert FINDER.hidden(text) == hidden


@pytest.mark.parametrize(
    "text",
    [
        "the showroom at 14 Quay Lane, Galway",
        "the password is wrong",
        "number 123456782 on the label",
        "we bought at shop.com",
        "3 days in a row it stopped",
        "the third street on the left",
    ],
)
def test_what_is_the_companys_or_nobodys_stays(text: str) -> None:
    assert FINDER.hidden(text) == text


def test_masks_are_told_apart_and_come_back() -> None:
    masking = Masking(FINDER)
    asked = masking.hide("not ann@mail.test but bob@mail.test, card 4111 1111 1111 1111")
    assert asked == "not [e-mail A] but [e-mail B], card [card A]"
    assert masking.hide("bob@mail.test once more") == "[e-mail B] once more"
    assert masking.restore(asked) == "not ann@mail.test but bob@mail.test, card 4111 1111 1111 1111"


def test_one_customers_mask_says_nothing_in_anothers_conversation() -> None:
    maskings = Maskings(FINDER)
    mine, yours = maskings.masking(), maskings.masking()
    assert yours.restore(mine.hide("ann@mail.test")) == "[e-mail A]"


def test_a_mask_that_nobody_gave_out_stays_as_it_is() -> None:
    assert Masking(FINDER).restore("[card A] and [1]") == "[card A] and [1]"


@pytest.mark.skipif(not (EVAL_DATA / "security").exists(), reason="EVAL_DATA is not there")
def test_every_public_card_and_account_number_is_judged_rightly() -> None:
    assert wrong_numbers(FINDER, EVAL_DATA) == []
