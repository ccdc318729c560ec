"""What the machine may say it cannot serve."""

import os

import pytest


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the marks that `.ci/run` has said this machine cannot serve."""
    without = os.environ.get("FRONTDESK_TEST_WITHOUT", "").split()
    out = [item for item in items if "local_llm" in without and item.get_closest_marker("local_llm")]
    if out:
        items[:] = [item for item in items if item not in out]
        config.hook.pytest_deselected(items=out)
