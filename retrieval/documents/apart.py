"""A process apart for parsers of foreign files: one that takes too long or too much memory is ended, and only it."""

import multiprocessing
import resource
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

from retrieval.documents.model import Reading
from retrieval.errors import DocumentRefused

_SPAWN = multiprocessing.get_context("spawn")  # a fork would copy the threads' locks of whoever ingests
_BEGIN_SECONDS = 120.0
_END_SECONDS = 5.0
_BEGUN = "begun"

Work = Callable[[], Reading]


class Apart:
    """Runs one piece of work after another in a child process, which is begun anew when it had to be ended."""

    def __init__(self, seconds: float, memory_bytes: int) -> None:
        """Give each piece of work ``seconds``, and the child ``memory_bytes`` of address space."""
        self._seconds = seconds
        self._memory_bytes = memory_bytes
        self._child: BaseProcess | None = None
        self._pipe: Connection | None = None

    def call(self, work: Work) -> Reading:
        """The result of ``work``, a function that can be pickled.

        Raises:
            DocumentRefused: raised by the work, or the work ran out of time or memory or brought the process down.
        """
        pipe = self._begin()
        pipe.send(work)
        self._next(pipe, _BEGIN_SECONDS)  # libraries are imported; the clock of the file starts after that
        result = self._next(pipe, self._seconds)
        if isinstance(result, str):
            raise DocumentRefused(result)
        return result

    def _next(self, pipe: Connection, seconds: float) -> Reading | str:
        """What the child sends next."""
        if not pipe.poll(seconds):
            self._kill()
            raise DocumentRefused(f"took longer than {seconds:g} s to read: split it, or ask where it came from")
        try:
            message: Reading | str = pipe.recv()
        except EOFError as error:
            self._kill()
            raise DocumentRefused("brought its parser down: ask where it came from") from error
        return message

    def close(self) -> None:
        """End the child."""
        if self._pipe is not None:
            self._pipe.close()
            self._pipe = None
        if self._child is not None:
            self._child.join(_END_SECONDS)
            self._kill()

    def _begin(self) -> Connection:
        if self._pipe is None:
            self._pipe, theirs = _SPAWN.Pipe()
            self._child = _SPAWN.Process(target=_serve, args=(theirs, self._memory_bytes), daemon=True)
            self._child.start()
            theirs.close()
        return self._pipe

    def _kill(self) -> None:
        if self._pipe is not None:
            self._pipe.close()
        if self._child is not None:
            self._child.kill()
            self._child.join()
            self._child.close()
        self._child = self._pipe = None


def _serve(pipe: Connection, memory_bytes: int) -> None:
    with suppress(ValueError, OSError):  # macOS does not take such a limit
        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    while True:
        try:
            work: Work = pipe.recv()
        except EOFError:
            return
        pipe.send(_BEGUN)
        try:
            pipe.send(work())
        except DocumentRefused as reason:
            pipe.send(str(reason))
        except MemoryError:
            pipe.send("needs too much memory to be read: split it")
        except RecursionError:
            pipe.send("nested too deeply: ask where it came from")
