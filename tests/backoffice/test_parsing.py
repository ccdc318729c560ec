"""Order numbers, ticket numbers and addresses in what customers write."""

import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from backoffice.parsing import (
    LONGEST_READ,
    email_key,
    order_numbers_in,
    parse_email,
    parse_order_number,
    parse_ticket_number,
)

numbers = st.integers(10_000, 10_999).map(str)
pieces = ["1004", "10046", "10", "0", "6", " ", "-", ".", "+", "#", "order ", "T-", "@", "a", "example.com", "€"]
anything = st.text(st.characters(exclude_categories=[]), max_size=200) | st.lists(
    st.sampled_from(pieces), max_size=20
).map("".join)


@pytest.mark.parametrize(
    "text",
    [
        "10046",
        " 10046. ",
        "#10046",
        "# 10046",
        "№10046",
        "no.10046",
        "order 10046",
        "order10046",
        "ORDER:10046!!",
        "order no. 10 046",
        "Order Number is 10-046",
        "it's 10 046",
        "10 046",
        "10.046",
        "10,046",
        "1 0 0 4 6",
        "１００４６",
        "١٠٠٤٦",
        "(10046)",
        "\u200f10\u200b046\ufeff",
        "hi, where is 10046?? ordered 2 weeks ago",
        "https://www.alderwick.example/orders/10046",
        "10046 2 items",
        "not 10045, I meant 10046",
        "it isn't order 10045 but 10046",
        "10046, not 10045",
        "10046 and my number is +353 91 555 0142",
        "my number is 091 555 10 045, order 10046",
        "I paid 10,045 euro?? no, 10046 is the order",
        "aoife10045@example.com 10046",
        "T-123456 about 10046",
    ],
)
def test_order_number_is_found(text: str) -> None:
    assert parse_order_number(text) == "10046"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "hello",
        "1004",
        "100461",
        "20046",
        "a10046b",
        "AW10046IE",
        "10046123456",
        "+353 91 10046",
        "+35310046",
        "091 555 10046",
        "00353 91 10046 12",
        "(091) 10046",
        "10046@example.com",
        "anna10046@example.com",
        "anna@shop-10046.example.com",
        "order-10046.b@example.com",
        "€10046",
        "10046 euros",
        "10,046.00 EUR",
        "costs 10046 EUR",
        "T-100461",
        "10.04.2026",
        "10:04:60",
        "I bought 10 100 watt bulbs",
        "my 10 046",
    ],
)
def test_no_order_number_is_found(text: str) -> None:
    assert parse_order_number(text) is None


def test_several_numbers_are_told_in_order_once_each() -> None:
    assert order_numbers_in("10046 and 10047, not 10045, and 10046 again") == ("10046", "10047", "10045")


def test_a_long_story_with_the_number_at_its_end() -> None:
    story = "So I was at my sister's and the parcel did not come, again. " * 60

    assert parse_order_number(story + "The order is 10046.") == "10046"
    assert parse_email(story + "Write to anna.b@example.com") == "anna.b@example.com"


@given(numbers, st.sampled_from(["{}", "order {}", "#{}", "my order is {}, thanks", "{} please", "was: {}"]))
def test_every_number_is_found_in_plain_sentences(number: str, sentence: str) -> None:
    assert parse_order_number(sentence.format(number)) == number
    assert parse_order_number(sentence.format(number).upper()) == number


@given(anything)
@example("1" * LONGEST_READ)
@example("+" + "1 " * LONGEST_READ)
@example("@" * LONGEST_READ)
@example("a.b-c_d@" * 300)
@example("not " * 500)
@settings(deadline=None)  # the machine may be busy; the next test is about time
def test_any_text_is_read_and_only_well_formed_values_come_out(text: str) -> None:
    number, ticket, email = parse_order_number(text), parse_ticket_number(text), parse_email(text)

    assert number is None or (number.isascii() and number.isdigit() and len(number) == 5 and number.startswith("10"))
    assert ticket is None or (ticket.isascii() and ticket.startswith("T-") and len(ticket) == 8)
    assert email is None or email.count("@") == 1


@pytest.mark.parametrize(
    "unit", ["1 ", "a", "a.b@", "#", "1.", "(1", "a at b ", "a.a dot ", "not ", "+353 91 ", "10046 "]
)
def test_time_is_linear_in_the_text(unit: str) -> None:
    """The longest text takes well under a second of processor time; a quadratic pattern takes many."""
    text = unit * (LONGEST_READ // len(unit))
    started = time.process_time()
    for parse in (parse_order_number, parse_ticket_number, parse_email):
        parse(text)

    assert time.process_time() - started < 1


@given(
    st.sampled_from(["+{code} {area} {number}", "00{code} {area} {number}", "(0{area}) {number}", "0{area}-{number}"]),
    st.sampled_from(["{}", "call me: {}", "my phone is {} thanks", "{}, bye"]),
    st.sampled_from([1, 33, 44, 47, 49, 353]),
    st.integers(11, 999),
    numbers,
)
def test_a_group_of_a_phone_number_is_no_order_number(
    form: str, sentence: str, code: int, area: int, number: str
) -> None:
    phone = form.format(code=code, area=area, number=number)

    assert parse_order_number(sentence.format(phone)) is None


@pytest.mark.parametrize(
    ("text", "ticket"),
    [
        ("T-123456", "T-123456"),
        ("t-123456?", "T-123456"),
        ("T123456", "T-123456"),
        ("t 123456", "T-123456"),
        ("T–123456", "T-123456"),
        ("what about ticket 123456", "T-123456"),
        ("ticket no. 123456", "T-123456"),
        ("123456", "T-123456"),
        ("T-1234567", None),
        ("T-12345", None),
        ("T-012345", None),
        ("order 10046", None),
        ("at 123456", None),
        ("I paid 123456", None),
    ],
)
def test_ticket_numbers(text: str, ticket: str | None) -> None:
    assert parse_ticket_number(text) == ticket


@pytest.mark.parametrize(
    "text",
    [
        "anna.b@example.com",
        "my mail is anna.b@example.com, thanks",
        "<anna.b@example.com>",
        "mailto:anna.b@example.com",
        "anna.b@example.com.",
        "anna.b @ example.com",
        "anna.b@ example.com!",
        "(anna.b@example.com)",
        "email:anna.b@example.com",
        "anna.b (at) example.com",
        "anna.b [at] example [dot] com",
        "anna.b at example dot com",
        "ANNA.B@EXAMPLE.COM",
        "anna.b＠example.com",
        "\u202aanna.b@example.com\u202c",
        "\ufeffanna.b@\u200bexample.com",
        "10046 anna.b@example.com",
        "broken@ and anna.b@example.com",
    ],
)
def test_address_is_found(text: str) -> None:
    assert email_key(parse_email(text)) == "anna.b@example.com"


@pytest.mark.parametrize(
    "text",
    ["", "anna", "anna@", "@example.com", "anna@example", "anna at home", "look at example.", "a@b@c", "@@", "a@.com"],
)
def test_no_address_is_found(text: str) -> None:
    assert parse_email(text) is None


@given(st.emails())
@settings(deadline=None)
def test_an_address_is_the_same_in_any_case_and_between_words(address: str) -> None:
    found = parse_email(f"it is {address} ok")
    if found is None or "xn--" in address.lower() or any(sign in address for sign in "|'`!?*_<>,;:[]()\""):
        return  # allowed by the RFC, but no customer's address: told apart from punctuation on purpose

    assert email_key(found) == email_key(address)
    assert email_key(parse_email(address.upper()) or "") == email_key(address)
    assert email_key(f"  {address} ") == email_key(address)
