"""Who a conversation has proved to be."""

import hashlib
import hmac
from collections.abc import Callable
from datetime import datetime

import structlog

from backoffice.model.access import AccessRules, Claim, Ruling, Standing, Verification, VerifiedCustomer, judge
from backoffice.model.act import Act, Reason, Refusal
from backoffice.model.code import Level
from backoffice.model.customer import Customer
from backoffice.model.ids import ConversationId, CustomerId, MessageId
from backoffice.parsing import email_key, parse_email, parse_order_number
from backoffice.ports import AccessLedger, Shop
from backoffice.service.text import stored_id
from backoffice.service.token import TokenReader

logger = structlog.get_logger()


class AccessDesk:
    """Checks order number and e-mail, counts the tries and remembers the proof for the conversation."""

    def __init__(
        self,
        *,
        shop: Shop,
        ledger: AccessLedger,
        rules: AccessRules,
        now: Callable[[], datetime],
        tokens: TokenReader | None = None,
    ) -> None:
        self._tokens = tokens
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
        address = address_key(email)
        owner = self._shop.owner_of(number or "")
        matched = _same_secret(address_key(owner.email if owner else ""), address) and owner is not None
        claim = Claim(
            conversation_id=stored_id(conversation_id),
            message_id=stored_id(message_id),
            order_fingerprint=fingerprint(number or order_number),
            email_fingerprint=fingerprint(address),
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

    def level(self, conversation_id: ConversationId) -> Level:
        """How far the conversation may go at this moment.

        Raises:
            BackofficeUnavailable: The data base cannot be asked.
        """
        return self.standing(conversation_id)[0]

    def standing(self, conversation_id: ConversationId) -> tuple[Level, Standing | None]:
        """The level and the proof it rests on.

        Raises:
            BackofficeUnavailable: The data base cannot be asked.
        """
        now = self._now()
        standing = self._ledger.standing(stored_id(conversation_id), now)
        if standing is None:
            return Level.NONE, None
        confirmed = standing.confirmed_until is not None and now < standing.confirmed_until
        return (Level.CONFIRMED if confirmed else Level.READING), standing

    def admit(self, conversation_id: ConversationId, wanted: Level) -> Customer | Refusal:
        """The conversation's customer, if it has come as far as ``wanted``.

        Raises:
            BackofficeUnavailable: The data base cannot be asked.
        """
        level, standing = self.standing(conversation_id)
        customer = self._shop.customer(standing.customer_id) if standing else None
        if customer is None:
            return Refusal(Reason.NOT_VERIFIED)
        return customer if level.reaches(wanted) else Refusal(Reason.NOT_CONFIRMED)

    def sign_in(self, conversation_id: ConversationId, token: str, *, message_id: MessageId) -> VerifiedCustomer | None:
        """Tie the conversation to the customer whom the website's signed token names, for reading.

        ``None`` for a token that is forged, out of date, for somebody else's door or another conversation, or
        names nobody; which of these it was stands in the log only. Whom a token in order names is who sits there now,
        so one that names nobody we know ends the proof of whoever sat there before.

        Raises:
            BackofficeUnavailable: Nothing was changed; the same message may try again.
        """
        now = self._now()
        vouched = self._tokens.read(token, conversation_id, now) if self._tokens else None
        customer = self._shop.customer(vouched.customer_id) if vouched else None
        act = Act(conversation_id, message_id, f"{message_id}:{fingerprint(token)}")
        if vouched is None or customer is None:
            logger.info("access.token_refused", believed=vouched is not None)
            if vouched is not None:
                self._ledger.end(act, now)
            return None
        until = min(vouched.expires_at, now + self._rules.lasts)
        self._ledger.sign_in(act, customer.id, now, until)
        return self._customer(customer.id, until)

    def proved_customer(self, conversation_id: ConversationId) -> CustomerId | None:
        """Whom the conversation last proved to be, also where that proof has ended: whose words stand in it.

        Raises:
            BackofficeUnavailable: The data base cannot be asked.
        """
        return self._ledger.proved_customer(stored_id(conversation_id))

    def traces_of(self, asked: str) -> tuple[CustomerId | None, list[ConversationId]]:
        """Whom an e-mail address, an order number or a customer's id names, and the conversations with them.

        For an admin who answers for a customer's rights, never for a conversation: nothing is proved here.

        Raises:
            BackofficeUnavailable: The data base cannot be asked.
        """
        if "@" in asked:
            found = self._shop.customer_by_email(email_key(asked))
        elif (number := parse_order_number(asked)) is not None:
            found = self._shop.owner_of(number)
        else:
            found = self._shop.customer(CustomerId(asked))
        return (found.id, self._ledger.conversations_of(found.id)) if found else (None, [])

    def customers_of(self, conversation_id: ConversationId) -> set[CustomerId]:
        """Everybody whom this conversation ever proved to be with; more than one where it proved anew.

        Raises:
            BackofficeUnavailable: The data base cannot be asked.
        """
        return self._ledger.customers_of(stored_id(conversation_id))

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


def address_key(said: str) -> str:
    return email_key(parse_email(said) or said)


def _same_secret(held: str, said: str) -> bool:
    """Equality in a time that tells nothing about how much of the two is equal, nor how long they are."""
    return hmac.compare_digest(hashlib.sha256(_bytes(held)).digest(), hashlib.sha256(_bytes(said)).digest())


def fingerprint(value: str) -> str:
    return hashlib.sha256(_bytes(value)).hexdigest()


def _bytes(value: str) -> bytes:
    return value.encode("utf-8", "surrogatepass")
