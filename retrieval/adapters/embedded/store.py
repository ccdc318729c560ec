"""The writing side of the embedded index."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path

from retrieval.adapters.embedded.generations import Generations
from retrieval.adapters.embedded.snapshot import load, stored, write
from retrieval.errors import IndexCorrupt, IndexMissing
from retrieval.ports import Content, Stored


class EmbeddedStore:
    """Publishes generations of the embedded index."""

    def __init__(self, root: Path, *, now: Callable[[], datetime]) -> None:
        """Write under ``root``; nothing is touched before the first call."""
        self._generations = Generations(root, now=now)

    def exclusive(self) -> AbstractContextManager[None]:
        """Hold the writer's lock for the time of one ingest."""
        return self._generations.exclusive()

    def read(self) -> Stored | None:
        """What is published, or None when there is nothing that this version of the code can read."""
        try:
            return stored(load(self._generations.current()))
        except (IndexMissing, IndexCorrupt, FileNotFoundError):
            return None  # a rebuild from the files puts an unreadable index right

    def publish(self, content: Content) -> str:
        """Write a generation and put it in force."""
        return self._generations.publish(lambda folder: write(folder, content)).name
