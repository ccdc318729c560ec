"""What can go wrong in this room.

IntentServiceError
├── BadTrainingData   the training data must be mended first; carries every problem with file and line
├── ModelUnusable     a model folder is missing, partial, altered or made for something else
└── RequestError      what a caller of the HTTP API is told; ``kind`` decides the status (see ``routes.py``)
    ├── InvalidInput      validation
    ├── EmptyInput        empty
    ├── Overloaded        overloaded
    ├── NotReady          not_ready
    ├── NotAllowed        not_allowed
    └── BackendFailed     backend
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

ErrorKind = Literal["validation", "empty", "overloaded", "not_ready", "not_allowed", "backend"]


class IntentServiceError(Exception):
    """Base of every error that this room raises on purpose."""


@dataclass(frozen=True, slots=True)
class DataProblem:
    """One thing to mend in the training data; ``fatal`` ones stop the training."""

    file: str
    line: int
    message: str
    fatal: bool = True

    def __str__(self) -> str:
        mark = "" if self.fatal else "note: "
        return f"{self.file}:{self.line}: {mark}{self.message}"


class BadTrainingData(IntentServiceError):
    """The training data cannot be trained on.

    Args:
        problems: What to mend, in the order of files and lines.
    """

    def __init__(self, problems: Sequence[DataProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class ModelUnusable(IntentServiceError):
    """A model folder was refused; the message is one sentence that says why."""


class RequestError(IntentServiceError):
    """Something the caller of the HTTP API is told."""

    kind: ClassVar[ErrorKind] = "backend"


class InvalidInput(RequestError):
    """The request breaks a limit or a type."""

    kind = "validation"


class EmptyInput(RequestError):
    """The request holds nothing to work on."""

    kind = "empty"


class Overloaded(RequestError):
    """The queue is full; ``retry_after`` is in whole seconds."""

    kind = "overloaded"

    def __init__(self, retry_after: int) -> None:
        self.retry_after = retry_after
        super().__init__("Too many messages are waiting. Try again shortly.")


class NotReady(RequestError):
    """No model is loaded yet."""

    kind = "not_ready"


class NotAllowed(RequestError):
    """The admin token is missing or wrong, or none is configured."""

    kind = "not_allowed"


class BackendFailed(RequestError):
    """The engine failed on this request; the cause is chained and logged, never shown."""

    kind = "backend"
