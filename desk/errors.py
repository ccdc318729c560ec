"""What can go wrong in this room.

DeskError
├── StoreUnavailable      the data base cannot be asked; the same call may be tried again
│   ├── StoreNotMigrated  its tables are missing or older than the code
│   └── NotStorable       it takes no value like the one that was sent; trying again is in vain
├── TrackerUnavailable    Rasa's tracker store cannot be read; transcripts stay as they are meanwhile
├── LeaseLost             another worker has the conversation now; nothing was written
├── TurnFailed            Rasa did not answer a turn; ``kind`` says why (see ``gateway/delivery.py``)
└── Refusal               what a caller of the HTTP API is told; ``kind`` decides the status (``web/http_errors.py``)
    ├── Invalid           invalid: a limit or a type is broken
    ├── TokenInvalid      token_invalid: unknown, revoked or expired
    ├── IdentityInvalid   identity_invalid: the host site's token is not to be believed
    ├── NotFound          not_found: nothing here, or another's
    ├── UnknownConversation  unknown_conversation: it did not come through this gateway
    ├── ConversationClosed   conversation_closed: it can no longer be resumed
    ├── AnotherCustomer   another_customer: the conversation is with somebody else than the one who signs in
    ├── StaleVersion      stale_version: somebody changed the conversation first
    ├── NotPossible       not_possible: not from the state the conversation is in
    ├── TooMany           too_many: a limit was reached; ``retry_after`` in seconds
    ├── TooLarge          too_large: a body or a file
    ├── WrongType         wrong_type: a file of a kind that is not taken
    ├── NotAllowed        not_allowed: a secret is missing or wrong
    ├── NotSignedIn       not_signed_in: no session, or one that has ended
    ├── SignInFailed      sign_in_failed: some part of it is wrong; which is said nowhere
    ├── CodeRequired      code_required: the password was right, the authenticator's code is missing
    ├── Forbidden         forbidden: signed in, without the permission
    ├── PasswordToChange  password_to_change: signed in with a password that somebody else knows
    └── CsrfInvalid       csrf_invalid: a change without the session's token
"""

from typing import ClassVar, Literal

RefusalKind = Literal[
    "invalid",
    "token_invalid",
    "identity_invalid",
    "not_found",
    "unknown_conversation",
    "conversation_closed",
    "another_customer",
    "stale_version",
    "not_possible",
    "too_many",
    "too_large",
    "wrong_type",
    "not_allowed",
    "not_signed_in",
    "sign_in_failed",
    "code_required",
    "forbidden",
    "password_to_change",
    "csrf_invalid",
]


class DeskError(Exception):
    """Base of everything this room raises on purpose."""


class StoreUnavailable(DeskError):
    """The data base cannot be asked. Whether the last write happened is unknown; trying again is safe."""


class StoreNotMigrated(StoreUnavailable):
    """The tables are missing or older than the code: ``python -m desk migrate`` helps."""


class NotStorable(StoreUnavailable):
    """A value that no column of the data base takes, such as an id with a NUL in it. Nothing was read or written."""


class TrackerUnavailable(DeskError):
    """Rasa's tracker store cannot be read, or has no tables yet."""


class LeaseLost(DeskError):
    """Somebody else works on the conversation now, or it was erased. Nothing was written."""


class TurnFailed(DeskError):
    """Rasa did not answer a turn. ``kind`` is one of its channel's, or ``unreachable`` or ``bad_answer``."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


class Refusal(DeskError):
    """Something the caller of the HTTP API is told; the message is for people."""

    kind: ClassVar[RefusalKind] = "invalid"


class Invalid(Refusal):
    """A limit or a type is broken."""


class TokenInvalid(Refusal):
    """The conversation's token is unknown, revoked or expired."""

    kind = "token_invalid"

    def __init__(self) -> None:
        super().__init__("This conversation's token is not valid any more. Please start a new conversation.")


class IdentityInvalid(Refusal):
    """Forged, out of date, or for another audience; which of them stands in the log only."""

    kind = "identity_invalid"

    def __init__(self) -> None:
        super().__init__("The sign-in could not be verified. Please sign in again.")


class NotFound(Refusal):
    """Nothing here, or somebody else's."""

    kind = "not_found"

    def __init__(self) -> None:
        super().__init__("There is nothing here.")


class UnknownConversation(Refusal):
    """The conversation did not come through this gateway."""

    kind = "unknown_conversation"

    def __init__(self) -> None:
        super().__init__("This conversation did not come through the gateway.")


class ConversationClosed(Refusal):
    """It ended, and the time to resume it is over."""

    kind = "conversation_closed"

    def __init__(self) -> None:
        super().__init__("This conversation has ended. Please start a new one.")


class AnotherCustomer(Refusal):
    """Another customer signed in or proved an order in this conversation: its transcript and proof are theirs."""

    kind = "another_customer"

    def __init__(self) -> None:
        super().__init__("This conversation is with another customer. Please start a new one.")


class StaleVersion(Refusal):
    """The conversation changed since the caller looked; ``by`` is who has it or wrote last, if that is known."""

    kind = "stale_version"

    def __init__(self, by: str | None = None) -> None:
        super().__init__(f"{by or 'Somebody'} has changed this conversation meanwhile. Look again, then decide.")
        self.by = by


class NotPossible(Refusal):
    """Not from the state the conversation is in."""

    kind = "not_possible"


class TooMany(Refusal):
    """A limit was reached."""

    kind = "too_many"

    def __init__(self, retry_after: int, message: str = "That was a lot at once. Please wait a moment.") -> None:
        super().__init__(message)
        self.retry_after = retry_after


class TooLarge(Refusal):
    """A body or a file is larger than is taken."""

    kind = "too_large"


class WrongType(Refusal):
    """A file of a kind that is not taken."""

    kind = "wrong_type"


class NotAllowed(Refusal):
    """A secret is missing or wrong."""

    kind = "not_allowed"


class NotSignedIn(Refusal):
    """There is no session, or it has ended."""

    kind = "not_signed_in"

    def __init__(self) -> None:
        super().__init__("Please sign in.")


class SignInFailed(Refusal):
    """E-mail, password or code is wrong, or the account is closed: one sentence for all."""

    kind = "sign_in_failed"

    def __init__(self) -> None:
        super().__init__("E-mail, password or code is wrong.")


class CodeRequired(Refusal):
    """The password was right; the account also wants a code."""

    kind = "code_required"

    def __init__(self) -> None:
        super().__init__("Enter the code that your authenticator app shows.")


class PasswordToChange(Refusal):
    """An admin knows the password: it opens nothing but the way to another one."""

    kind = "password_to_change"

    def __init__(self) -> None:
        super().__init__("Choose a password of your own first: an admin knows this one.")


class Forbidden(Refusal):
    """The roles do not permit it."""

    kind = "forbidden"

    def __init__(self) -> None:
        super().__init__("Your role does not include this. Ask an admin if you need it.")


class CsrfInvalid(Refusal):
    """The request may have been made by another page."""

    kind = "csrf_invalid"

    def __init__(self) -> None:
        super().__init__("This page is out of date. Reload it and try again.")
