"""One-time codes to the address on file: what lifts a conversation from reading to changing."""

import hashlib
import hmac
import secrets
import unicodedata
from collections.abc import Callable
from datetime import datetime

import structlog

from backoffice.model.act import Act
from backoffice.model.code import (
    Code,
    CodeAnswer,
    CodeRequest,
    CodeRules,
    Level,
    Purpose,
    may_send,
    try_code,
)
from backoffice.model.customer import Customer
from backoffice.model.ids import ConversationId, CustomerId, MessageId
from backoffice.parsing import parse_email
from backoffice.ports import CodeLedger, Post, Shop
from backoffice.service.access import AccessDesk, address_key, fingerprint
from backoffice.service.letters import code_letter
from backoffice.service.text import stored_id

logger = structlog.get_logger()

DIGITS = 6
NOBODY = "nobody@invalid"


class CodeDesk:
    """Sends codes and takes them. Asks the same of every address, known or not, and tells the same of it."""

    def __init__(
        self,
        *,
        shop: Shop,
        access: AccessDesk,
        ledger: CodeLedger,
        post: Post,
        rules: CodeRules,
        now: Callable[[], datetime],
        draw: Callable[[], str] | None = None,
    ) -> None:
        self._shop, self._access, self._ledger, self._post = shop, access, ledger, post
        self._rules, self._now = rules, now
        self._draw = draw or random_code

    def send_code(
        self, conversation_id: ConversationId, *, message_id: MessageId, email: str | None = None
    ) -> CodeAnswer:
        """Send a code to the address on file: the verified customer's own, else to ``email`` if somebody has it.

        The answer is the same for every address. The same message again sends nothing and gets the same answer.

        Raises:
            BackofficeUnavailable: Nothing was counted; the same message may try again.
        """
        known = self._access.verified_customer(conversation_id)
        said = address_key(known.email if known else email or "")
        holder = self._shop.customer_by_email(said)
        target = holder.email if holder else None
        return self._send(conversation_id, message_id, Purpose.CONFIRM, said, customer=holder, target=target)

    def send_code_to_new_address(
        self, conversation_id: ConversationId, *, message_id: MessageId, email: str
    ) -> CodeAnswer | None:
        """Send a code to an address that is to become the customer's; ``None`` without a verified customer.

        Raises:
            BackofficeUnavailable: Nothing was counted; the same message may try again.
        """
        customer = self._access.admit(conversation_id, Level.READING)
        target = parse_email(email)
        if not isinstance(customer, Customer) or target is None:
            return None
        return self._send(
            conversation_id, message_id, Purpose.NEW_EMAIL, address_key(target), customer=customer, target=target
        )

    def check_code(
        self,
        conversation_id: ConversationId,
        code: str,
        *,
        message_id: MessageId,
        purpose: Purpose = Purpose.CONFIRM,
    ) -> CodeAnswer:
        """One try at the code that was sent last; the same message again is the same try.

        Raises:
            BackofficeUnavailable: Nothing was counted; the same message may try again.
        """
        now = self._now()
        typed = "".join(str(unicodedata.decimal(char)) for char in code if char.isdecimal())  # of whatever script
        said = _digest(typed[: DIGITS + 1], conversation_id)
        answer = self._ledger.check(
            Act(conversation_id, message_id, message_id),
            purpose,
            lambda kept: hmac.compare_digest(kept, said),
            lambda kept, same: try_code(kept, same=same, now=now, rules=self._rules),
            now,
        )
        logger.info("code.tried", outcome=answer.outcome.value, purpose=purpose.value)
        return answer

    def _send(
        self,
        conversation_id: ConversationId,
        message_id: MessageId,
        purpose: Purpose,
        address: str,
        *,
        customer: Customer | None,
        target: str | None,
    ) -> CodeAnswer:
        now = self._now()
        digits = self._draw()
        customer_id: CustomerId | None = customer.id if customer else None
        kept = Code(
            digest=_digest(digits, conversation_id),
            sent_at=now,
            expires_at=now + self._rules.holds,
            tries_left=self._rules.tries,
            customer_id=customer_id,
            target=target if purpose is Purpose.NEW_EMAIL else None,
        )
        request = CodeRequest(conversation_id, message_id, purpose, fingerprint(address), kept)
        answer, to_send = self._ledger.ask(request, lambda gates, last: may_send(gates, last, now, self._rules), now)
        letter = code_letter(target or NOBODY, digits, kept.expires_at - now)
        if to_send and target is not None:
            self._post.send(letter)
        logger.info("code.asked", outcome=answer.outcome.value, purpose=purpose.value)
        return answer


def random_code() -> str:
    """Six digits that nobody can foresee."""
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"


def _digest(digits: str, conversation_id: ConversationId) -> str:
    """A slow hash: trying all million codes takes many times longer than one of them holds."""
    salt = hashlib.sha256(stored_id(conversation_id).encode()).digest()
    return hashlib.scrypt(digits.encode(), salt=salt, n=2**13, r=8, p=1, dklen=32).hex()
