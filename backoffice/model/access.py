"""Proving who a customer is: tries, locks and how long a proof lasts. Pure rules, no storage."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from backoffice.model.ids import ConversationId, CustomerId, MessageId


class VerificationOutcome(StrEnum):
    """What came of one try."""

    VERIFIED = "verified"
    NOT_MATCHED = "not_matched"
    """One of the two was wrong, or both, or there is no such order: never said which."""
    LOCKED = "locked"
    """No further try before ``locked_until``, whatever is said. The last wrong try already answers this."""


@dataclass(frozen=True, slots=True)
class VerifiedCustomer:
    """Who a conversation has proved to be, until ``expires_at``. Personal fields stay out of ``repr``."""

    id: CustomerId
    name: str = field(repr=False)
    email: str = field(repr=False)
    locale: str
    plus_member: bool
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Verification:
    """The answer to one try. ``customer`` is set only when verified.

    ``tries_left`` are the conversation's own: locked with some of them left means that others have spent those of
    the order or of the address.
    """

    outcome: VerificationOutcome
    tries_left: int
    locked_until: datetime | None = None
    customer: VerifiedCustomer | None = None

    @property
    def verified(self) -> bool:
        return self.outcome is VerificationOutcome.VERIFIED

    @property
    def locked_by_others(self) -> bool:
        """Whether the order or the address is closed and the conversation is not."""
        return self.outcome is VerificationOutcome.LOCKED and self.tries_left > 0


@dataclass(frozen=True, slots=True)
class GateLimit:
    """``failures`` wrong tries within ``window`` close a gate for ``closed_for``; no window: ever."""

    failures: int
    closed_for: timedelta
    window: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Gate:
    """The wrong tries counted against one conversation, one order number or one e-mail address."""

    failures: int = 0
    counting_since: datetime | None = None
    closed_until: datetime | None = None

    def at(self, now: datetime, limit: GateLimit) -> "Gate":
        """The gate as it stands at ``now``: empty again once its lock or its counting window is over."""
        if self.closed_until is not None:
            return self if now < self.closed_until else Gate()
        expired = limit.window and self.counting_since and now >= self.counting_since + limit.window
        return Gate() if expired else self

    def after_failure(self, now: datetime, limit: GateLimit) -> "Gate":
        """The gate after one more wrong try; closed when that was the last one allowed."""
        failures = self.failures + 1
        counted = replace(self, failures=failures, counting_since=self.counting_since or now)
        return replace(counted, closed_until=now + limit.closed_for) if failures >= limit.failures else counted


@dataclass(frozen=True, slots=True)
class Gates:
    """The three gates that one try has to pass."""

    conversation: Gate
    order: Gate
    email: Gate


@dataclass(frozen=True, slots=True)
class AccessRules:
    """The limits, and how long a proof lasts."""

    conversation: GateLimit
    order: GateLimit
    email: GateLimit
    lasts: timedelta


@dataclass(frozen=True, slots=True)
class Claim:
    """One try, as it is remembered: fingerprints instead of what was said."""

    conversation_id: ConversationId
    message_id: MessageId
    order_fingerprint: str
    email_fingerprint: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Ruling:
    """What was decided about one try; stored, so that the same message gets the same answer again."""

    outcome: VerificationOutcome
    tries_left: int
    locked_until: datetime | None = None
    customer_id: CustomerId | None = None
    expires_at: datetime | None = None


SIGNED_IN = "signed_in"
BY_CODE = "code"


@dataclass(frozen=True, slots=True)
class Standing:
    """The proof that holds for a conversation at the moment, and until when it may also change things."""

    customer_id: CustomerId
    expires_at: datetime
    method: str = ""
    confirmed_until: datetime | None = None


def judge(gates: Gates, matched: CustomerId | None, now: datetime, rules: AccessRules) -> tuple[Ruling, Gates]:
    """Decide one try and return the gates as they stand after it.

    A closed gate answers before the match is looked at, so a locked answer carries no news. A success clears
    nothing: whoever owns one order could otherwise buy fresh tries at other people's with it.
    """
    conversation = gates.conversation.at(now, rules.conversation)
    order = gates.order.at(now, rules.order)
    email = gates.email.at(now, rules.email)
    standing = Gates(conversation, order, email)
    left = max(0, rules.conversation.failures - conversation.failures)
    closed = [gate.closed_until for gate in (conversation, order, email) if gate.closed_until is not None]
    if closed:
        tries_left = left if conversation.closed_until is None else 0
        return Ruling(VerificationOutcome.LOCKED, tries_left, locked_until=max(closed)), standing
    if matched is not None:
        proof = Ruling(VerificationOutcome.VERIFIED, left, customer_id=matched, expires_at=now + rules.lasts)
        return proof, standing
    after = Gates(
        conversation.after_failure(now, rules.conversation),
        order.after_failure(now, rules.order),
        email.after_failure(now, rules.email),
    )
    until = after.conversation.closed_until
    outcome = VerificationOutcome.LOCKED if until else VerificationOutcome.NOT_MATCHED
    return Ruling(outcome, left - 1, locked_until=until), after
