"""Rasa's HTTP API never runs without a token, whatever the token looks like."""

from __future__ import annotations

import pytest
from rasa.__main__ import create_argument_parser

from rasa_extensions.command import with_token


@pytest.mark.parametrize("token", ["sesame", "-xV3_dash-first", "--auth"])
def test_rasa_reads_the_token_as_it_is(token: str) -> None:
    command = with_token(["rasa", "run", "--enable-api"], token)
    given = create_argument_parser().parse_args(command[1:])
    assert (given.auth_token, given.enable_api) == (token, True)


def test_without_a_token_rasa_does_not_start() -> None:
    with pytest.raises(SystemExit, match="RASA_AUTH_TOKEN is empty"):
        with_token(["rasa", "run"], "")
