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


CARD = "4111 1111 1111 1111"


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        (f"{CARD} 123", "[card] 123"),
        (f"{CARD} 09 27 123", "[card] 09 27 123"),
        (f"{CARD}/123", "[card]/123"),
        (f"card no.{CARD},123", "card no.[card],123"),
        (f"5 years with {CARD}", "5 years with [card]"),
        (f"2026 {CARD}", "2026 [card]"),
        ("378282246310005 1234", "[card] 1234"),
        ("3782 822463 10005 1234", "[card] 1234"),
        *(
            (CARD.replace(" ", between), "[card]")
            for between in ("  ", "\t", "\n", "\u202f", "\u2011", " – ", "\u200b", "/")
        ),
        ("４１１１ １１１１ １１１１ １１１１", "[card]"),
        ("IE29\u202fAIBK\u202f9311\u202f5212\u202f3456\u202f78", "[account]"),
        ("it is ann @ mail.example", "it is [e-mail]"),
        ("ann＠mail.example", "[e-mail]"),
    ],
)
def test_numbers_and_addresses_are_hidden_however_they_are_spaced(text: str, hidden: str) -> None:
    assert FINDER.hidden(text) == hidden


@pytest.mark.parametrize(
    "text",
    [
        "the showroom at 14 Quay Lane, Galway",
        "the password is wrong",
        "number 123456782 on the label",
        "we bought at shop.com",
        "orders 10046 10043 10026 10027, each of 49.90",
        "10046\n10043\n10026\n10031",
        "2 for 4111, 1111 for 2026",
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
