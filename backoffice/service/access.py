"""Who a conversation has proved to be."""

import hashlib
import hmac
from collections.abc import Callable
from datetime import datetime

import structlog

from backoffice.model.access import AccessRules, Claim, Ruling, Verification, VerifiedCustomer, judge
from backoffice.model.ids import ConversationId, CustomerId, MessageId
from backoffice.parsing import email_key, parse_email, parse_order_number
from backoffice.ports import AccessLedger, Shop
from backoffice.service.text import stored_id

logger = structlog.get_logger()


class AccessDesk:
    """Checks order number and e-mail, counts the tries and remembers the proof for the conversation."""

    def __init__(self, *, shop: Shop, ledger: AccessLedger, rules: AccessRules, now: Callable[[], datetime]) -> None:
        self._shop = shop
        self._ledger = ledger
        self._rules = rules
        self._now = now

    def verify(
        self, conversation_id: ConversationId, *, order_number: str, email: str, message_id: MessageId
    ) -> Verification:
        """One try to prove that the conversation is with the customer who placed the order.

        The answer never tells which of the two was wrong, and is reached by the same work whether the order
        exists or not. The same ``message_id`` again gets the same answer and costs no further try. A later
        success takes the place of an earlier one; another customer's earlier proof ends with it.

        Args:
            conversation_id: The conversation that tries.
            order_number: As the customer wrote it; anything that is no order number is a wrong try.
            email: As the customer wrote it.
            message_id: The message that caused this try.

        Raises:
            BackofficeUnavailable: Nothing was counted; the same message may try again.
        """
        number = parse_order_number(order_number)
        address = _address_key(email)
        owner = self._shop.owner_of(number or "")
        matched = _same_secret(_address_key(owner.email if owner else ""), address) and owner is not None
        claim = Claim(
            conversation_id=stored_id(conversation_id),
            message_id=stored_id(message_id),
            order_fingerprint=_fingerprint(number or order_number),
            email_fingerprint=_fingerprint(address),
            at=self._now(),
        )
        customer_id = owner.id if owner and matched else None
        ruling = self._ledger.attempt(claim, lambda gates: judge(gates, customer_id, claim.at, self._rules))
        logger.info("access.tried", outcome=ruling.outcome.value, tries_left=ruling.tries_left)
        return self._told(ruling)

    def verified_customer(self, conversation_id: ConversationId) -> VerifiedCustomer | None:
        """The customer this conversation has proved to be, while the proof lasts; asked anew each time.

        Raises:
            BackofficeUnavailable: The data base cannot be asked.
        """
        standing = self._ledger.standing(stored_id(conversation_id), self._now())
        return self._customer(standing.customer_id, standing.expires_at) if standing else None

    def _told(self, ruling: Ruling) -> Verification:
        customer = None
        if ruling.customer_id is not None and ruling.expires_at is not None:
            customer = self._customer(ruling.customer_id, ruling.expires_at)
        return Verification(ruling.outcome, ruling.tries_left, ruling.locked_until, customer)

    def _customer(self, customer_id: CustomerId, expires_at: datetime) -> VerifiedCustomer | None:
        customer = self._shop.customer(customer_id)
        if customer is None:
            return None
        return VerifiedCustomer(
            id=customer.id,
            name=customer.name,
            email=customer.email,
            locale=customer.locale,
            plus_member=customer.plus_member,
            expires_at=expires_at,
        )


def _address_key(said: str) -> str:
    return email_key(parse_email(said) or said)


def _same_secret(held: str, said: str) -> bool:
    """Equality in a time that tells nothing about how much of the two is equal, nor how long they are."""
    return hmac.compare_digest(hashlib.sha256(_bytes(held)).digest(), hashlib.sha256(_bytes(said)).digest())


def _fingerprint(value: str) -> str:
    return hashlib.sha256(_bytes(value)).hexdigest()


def _bytes(value: str) -> bytes:
    return value.encode("utf-8", "surrogatepass")
