"""What holds for the tests of every room."""

from __future__ import annotations

import os

import pytest

from scripts.frontdesk.testing import MANY_CUSTOMERS
from scripts.frontdesk.verdict import SECOND_TRY

_TOO_SLOW = r"Locator expected|Page expected|Timeout \d+ms exceeded"

for limit in MANY_CUSTOMERS:  # meant for the running system; a test of a limit sets its own
    os.environ.pop(limit, None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A page too slow for its test is tried once more; the last lines of the run name every second try."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.flaky(reruns=1, only_rerun=[_TOO_SLOW]))


def pytest_runtest_setup(item: pytest.Item) -> None:
    if getattr(item, "execution_count", 1) > 1:
        item.user_properties.append((SECOND_TRY, item.nodeid))
