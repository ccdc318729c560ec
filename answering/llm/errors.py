"""What can go wrong with a language model.

LanguageModelError
 ├── ModelUnavailable    no connection, an error of its own, or no answer in time: another try may help
 │    ├── ModelOverloaded    it asks for a pause (429, 529); ``retry_after`` says how long, if it did
 │    └── ModelAnswerBroken  the answer ended in the middle, was empty, or was none
 ├── ModelMisconfigured  it does not accept our key, model or request: another try would not help
 ├── ModelBusy           as many calls as are allowed are under way, or the breaker is open
 ├── OutOfTime           the time for the whole answer is over
 └── BudgetSpent         the day's or the conversation's tokens or money are used up, or cannot be counted
"""

from typing import ClassVar

from answering.errors import AnsweringError


class LanguageModelError(AnsweringError):
    """Base of everything that keeps a language model from answering; ``outcome`` is its word in metrics."""

    outcome: ClassVar[str] = "failed"


class ModelUnavailable(LanguageModelError):
    """The provider did not answer, or with an error of its own."""

    outcome = "unavailable"


class ModelOverloaded(ModelUnavailable):
    """The provider asks us to wait."""

    outcome = "overloaded"

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        """Take the seconds it named, if it named any."""
        super().__init__(message)
        self.retry_after = retry_after


class ModelAnswerBroken(ModelUnavailable):
    """What came is not a whole answer."""

    outcome = "broken"


class ModelMisconfigured(LanguageModelError):
    """The provider refuses our key, model or request."""

    outcome = "misconfigured"


class ModelBusy(LanguageModelError):
    """No place for one more call now."""

    outcome = "busy"


class OutOfTime(LanguageModelError):
    """The answer would come too late."""

    outcome = "out_of_time"


class BudgetSpent(LanguageModelError):
    """One more call is not paid for."""

    outcome = "budget"
