"""One-time codes: how many may be sent, how many tries one has, how long it holds. Pure rules, no storage."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from backoffice.model.access import Gate, GateLimit
from backoffice.model.ids import ConversationId, CustomerId, MessageId


class Level(StrEnum):
    """How far a conversation may go: nothing, see what is the customer's own, change it."""

    NONE = "none"
    READING = "reading"
    CONFIRMED = "confirmed"

    def reaches(self, wanted: "Level") -> bool:
        order = list(Level)
        return order.index(self) >= order.index(wanted)


class Purpose(StrEnum):
    """What a code proves: that the customer is here, or that a new address is the customer's."""

    CONFIRM = "confirm"
    NEW_EMAIL = "new_email"


class CodeOutcome(StrEnum):
    """What came of asking for a code, or of typing one."""

    SENT = "sent"
    """If the address is on file, a code is on its way: said for every address alike."""
    WAIT = "wait"
    """The last one was sent a moment ago: none before ``until``."""
    LIMITED = "limited"
    """As many were sent as may be within an hour: none before ``until``."""
    CONFIRMED = "confirmed"
    WRONG = "wrong"
    SPENT = "spent"
    """No code holds (none was asked for, it is too old, used, or its tries are over): ask for a new one."""


@dataclass(frozen=True, slots=True)
class CodeAnswer:
    """``until``: a code's end when sent, the end of the wait when none is, the level's end when confirmed.

    ``holds``: where none is sent, whether the one before can still be typed.
    """

    outcome: CodeOutcome
    until: datetime | None = None
    tries_left: int = 0
    holds: bool = False


@dataclass(frozen=True, slots=True)
class CodeRules:
    """The limits. Gates count what was sent: a conversation's, and an address's over all conversations."""

    holds: timedelta
    tries: int
    pause: timedelta
    conversation: GateLimit
    address: GateLimit
    confirmed: timedelta


@dataclass(frozen=True, slots=True)
class Code:
    """A code as it is kept. ``customer_id`` is empty where nobody has the address: it can never be right."""

    digest: str = field(repr=False)
    sent_at: datetime
    expires_at: datetime
    tries_left: int
    customer_id: CustomerId | None
    target: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class CodeRequest:
    """One wish for a code. ``address`` is a fingerprint, so that unknown addresses count as known ones do."""

    conversation_id: ConversationId
    message_id: MessageId
    purpose: Purpose
    address: str
    code: Code


@dataclass(frozen=True, slots=True)
class CodeGates:
    """Codes counted against the conversation and against the address."""

    conversation: Gate
    address: Gate


def may_send(
    gates: CodeGates, last: Code | None, now: datetime, rules: CodeRules
) -> tuple[CodeAnswer | None, CodeGates]:
    """Count one more code; an answer instead of ``None`` says that it must not be sent."""
    conversation = gates.conversation.at(now, rules.conversation)
    address = gates.address.at(now, rules.address)
    closed = [gate.closed_until for gate in (conversation, address) if gate.closed_until is not None]
    outcome = CodeOutcome.LIMITED if closed else CodeOutcome.WAIT
    if last is not None and now < last.sent_at + rules.pause:
        closed.append(last.sent_at + rules.pause)
    if closed:
        holds = last is not None and now < last.expires_at and last.tries_left > 0
        return CodeAnswer(outcome, until=max(closed), holds=holds), CodeGates(conversation, address)
    counted = CodeGates(conversation.after_failure(now, rules.conversation), address.after_failure(now, rules.address))
    return None, counted


def try_code(code: Code | None, *, same: bool, now: datetime, rules: CodeRules) -> tuple[CodeAnswer, Code | None]:
    """Judge one try (``same``: the digests are equal) and return the code as it stands after it."""
    if code is None or now >= code.expires_at or code.tries_left == 0:
        return CodeAnswer(CodeOutcome.SPENT), code
    left = code.tries_left - 1
    if same and code.customer_id is not None:
        return CodeAnswer(CodeOutcome.CONFIRMED, until=now + rules.confirmed), replace(code, tries_left=0)
    return CodeAnswer(CodeOutcome.WRONG if left else CodeOutcome.SPENT, tries_left=left), replace(code, tries_left=left)
