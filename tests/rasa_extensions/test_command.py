"""Rasa's HTTP API never runs without a token."""

from __future__ import annotations

import pytest

from rasa_extensions.command import with_token


def test_the_token_comes_last() -> None:
    assert with_token(["rasa", "run", "--enable-api"], "t") == ["rasa", "run", "--enable-api", "--auth-token", "t"]


def test_without_a_token_rasa_does_not_start() -> None:
    with pytest.raises(SystemExit, match="RASA_AUTH_TOKEN is empty"):
        with_token(["rasa", "run"], "")
