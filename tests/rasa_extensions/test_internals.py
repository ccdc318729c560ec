"""The guard against another Rasa."""

from __future__ import annotations

import pytest
from rasa.core.processor import MessageProcessor

from rasa_extensions.internals import UnsupportedRasa, check, digest


def test_the_installed_rasa_is_the_supported_one() -> None:
    check({MessageProcessor.parse_message: digest(MessageProcessor.parse_message)})


def test_a_changed_method_stops_the_start_and_is_named() -> None:
    with pytest.raises(UnsupportedRasa, match=r"MessageProcessor\.parse_message"):
        check({MessageProcessor.parse_message: "0000000000000000"})
