"""What the REST door does with what it is sent, before Rasa sees it."""

from __future__ import annotations

import pytest

from rasa_extensions.rest_channel import BadRequestBody, read_body, readable

DEEP = "[" * 980 + "]" * 980
INTENTS = ["greet", "request_human", "restart", "ask_entry"]


@pytest.mark.parametrize(
    "raw",
    [b"", b"{", b"[]", pytest.param(b"[" * 100_000, id="nested"),
     b"null", b'"text"', b'{"message": 3}', b"{}", b'{"message": "a", "sender": 3}',
     b'{"message": "a", "sender": ""}', b'{"message": "a", "metadata": []}', b"\xff\xfe",
     b'{"message": "a", "sender": "' + b"x" * 129 + b'"}'],
)  # fmt: skip
def test_a_wrong_body_is_refused_with_what_to_send(raw: bytes) -> None:
    with pytest.raises(BadRequestBody) as refused:
        read_body(raw)
    assert "{" in str(refused.value) or "must be" in str(refused.value)


def test_nobody_speaks_in_a_conversation_of_the_gateway() -> None:
    own = "c_0123456789abcdef01234567"
    with pytest.raises(BadRequestBody, match="of the gateway"):
        read_body(f'{{"message": "my orders", "sender": "{own}"}}'.encode())
    for sender in ("c_1", "anna", own[:-1], own.upper(), f"{own} "):
        assert read_body(f'{{"message": "hi", "sender": "{sender}"}}'.encode())["sender"] == sender


def test_unknown_keys_are_ignored_as_rasa_does() -> None:
    assert read_body(b'{"message": "hi", "sender": "a", "colour": 1}')["message"] == "hi"


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("  hello\x00\x07 there\r\n", "hello there"),
        ("/greet", "/greet"),
        ('/ask_entry{"entry_id": "a"}', '/ask_entry{"entry_id": "a"}'),
        ('/ask_entry{"entry_id": {"a": 1}}', 'ask_entry{"entry_id": {"a": 1}}'),
        (f'/greet{{"a": {DEEP}}}', f'greet{{"a": {DEEP}}}'),
        ("/restart", "restart"),
        ("/session_start", "session_start"),
        ("/unknown_thing", "unknown_thing"),
        ("//greet", "greet"),
        ("/ /restart", "restart"),
        ("/\n/ //session_start", "session_start"),
        ("\ud800abc", "abc"),
        ("\x00\x01", ""),
        ("/", ""),
        ("<b>hi</b>", "<b>hi</b>"),
    ],
)
def test_a_customer_cannot_reach_rasas_own_commands(text: str, read: str) -> None:
    assert readable(text, INTENTS) == read
