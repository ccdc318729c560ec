"""A node for this test run: the one named in the environment, else one that is started, else a skip."""

import os
from collections.abc import Iterator

import pytest

from retrieval.evaluation.local_node import LocalNode, free_port, why_not


@pytest.fixture(scope="session")
def elasticsearch_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a node that all tests share."""
    if given := os.environ.get("TEST_ELASTICSEARCH_URL"):
        yield given
        return
    with started_node(tmp_path_factory) as node:
        yield node.url


class started_node:  # noqa: N801 - reads as a verb: with started_node(...)
    """A node of its own for the time of a ``with``; skips the test where none can be started."""

    def __init__(self, tmp_path_factory: pytest.TempPathFactory) -> None:
        if reason := why_not():
            pytest.skip(f"no Elasticsearch: TEST_ELASTICSEARCH_URL is not set and {reason}")
        self._node = LocalNode(free_port(), tmp_path_factory.mktemp("elasticsearch"), heap="256m")

    def __enter__(self) -> LocalNode:
        self._node.start()
        return self._node

    def __exit__(self, *_: object) -> None:
        self._node.stop()
