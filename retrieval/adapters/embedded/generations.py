"""Versions of the index on disk: written beside the current one, then switched to by one atomic rename.

``<root>/<name>/`` is a finished generation, ``<root>/current`` a text file that names the one in force,
``<root>/.building-…`` one being written. A process that dies at any point leaves ``current`` on a finished one.
"""

import fcntl
import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from retrieval.errors import IndexCorrupt, IndexMissing, IngestBusy

_BUILDING = ".building-"
_LOCK = ".lock"


class Generations:
    """The folder that holds the generations of one index."""

    def __init__(self, root: Path, *, now: Callable[[], datetime]) -> None:
        """Take ``root`` as the index's folder; it is made when first written."""
        self._root = root
        self._now = now

    @property
    def pointer(self) -> Path:
        """The file whose replacement publishes a generation."""
        return self._root / "current"

    def current(self) -> Path:
        """The folder of the generation in force.

        Raises:
            IndexMissing: nothing was published yet.
            IndexCorrupt: the pointer names no generation.
        """
        try:
            name = self.pointer.read_text(encoding="utf-8").strip()
        except FileNotFoundError as error:
            raise IndexMissing(
                f"no knowledge index in {self._root}: run `python -m retrieval ingest knowledge`"
            ) from error
        if not name or Path(name).name != name or not (self._root / name).is_dir():
            raise IndexCorrupt(f"the knowledge index in {self._root} points to nothing: ingest with --rebuild")
        return self._root / name

    def stamp(self) -> tuple[int, int] | None:
        """Changes whenever another generation is published; cheap enough to ask before every search."""
        try:
            stat = self.pointer.stat()
        except FileNotFoundError:
            return None
        return stat.st_mtime_ns, stat.st_ino

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """Hold the writer's lock; the operating system frees it when the process dies.

        Raises:
            IngestBusy: another process holds it.
        """
        self._root.mkdir(parents=True, exist_ok=True)
        with (self._root / _LOCK).open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise IngestBusy("another ingest is writing this index") from error
            yield

    def publish(self, write: Callable[[Path], None]) -> Path:
        """Let ``write`` fill a new folder, make it durable, and put it in force."""
        self._root.mkdir(parents=True, exist_ok=True)
        name = f"{self._now():%Y%m%dT%H%M%S}-{secrets.token_hex(3)}"
        building = self._root / f"{_BUILDING}{name}"
        building.mkdir()
        try:
            write(building)
            _sync_tree(building)
            final = self._root / name
            building.rename(final)
        except BaseException:
            shutil.rmtree(building, ignore_errors=True)
            raise
        previous = self._previous()
        self._point_to(name)
        self._sweep(keep={name, previous})
        return final

    def _previous(self) -> str | None:
        with suppress(FileNotFoundError):
            return self.pointer.read_text(encoding="utf-8").strip()
        return None

    def _point_to(self, name: str) -> None:
        fresh = self._root / f"{_BUILDING}pointer"
        with fresh.open("w", encoding="utf-8") as file:
            file.write(name + "\n")
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self.pointer)
        _sync(self._root)

    def _sweep(self, *, keep: set[str | None]) -> None:
        """Remove what nobody needs; the previous generation stays for readers that are just opening it."""
        for path in self._root.iterdir():
            if path.is_dir() and path.name not in keep:
                shutil.rmtree(path, ignore_errors=True)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _sync_tree(root: Path) -> None:
    for path in root.rglob("*"):
        _sync(path)
    _sync(root)
