"""The company's customers, through the back office: a conversation the host site vouches for reads its own account."""

import asyncio
import hashlib
import secrets
from datetime import UTC, datetime

import structlog
from pydantic import SecretStr

from backoffice.bootstrap import Backoffice, build_backoffice
from backoffice.errors import BackofficeError
from backoffice.model.ids import ConversationId, CustomerId, MessageId
from backoffice.service.token import TokenReader
from backoffice.settings import BackofficeSettings
from desk.errors import StoreUnavailable

logger = structlog.get_logger()


class BackofficeAccounts:
    """An ``Accounts``. The back office believes tokens only, so this writes one with a secret of this process."""

    def __init__(self, settings: BackofficeSettings) -> None:
        secret = secrets.token_urlsafe(48)
        own = settings.model_copy(update={"token_secret": SecretStr(secret)})
        self._tokens = TokenReader(secret=secret, audience=own.token_audience)
        self._backoffice: Backoffice = build_backoffice(own)

    @property
    def backoffice(self) -> Backoffice:
        """The same connections for the inbox's view of customers."""
        return self._backoffice

    async def sign_in(self, conversation_id: str, customer_id: str, until: datetime) -> bool:
        now = datetime.now(UTC)
        token = self._tokens.write(CustomerId(customer_id), now, until - now)
        message_id = MessageId(f"identify:{hashlib.sha256(token.encode()).hexdigest()[:16]}")
        conversation = ConversationId(conversation_id)
        try:
            found = await asyncio.to_thread(self._backoffice.access.sign_in, conversation, token, message_id=message_id)
        except BackofficeError as error:
            logger.warning("accounts.unavailable", error=type(error).__name__)
            return False
        return found is not None

    async def proved_customer(self, conversation_id: str) -> str | None:
        try:
            return await asyncio.to_thread(self._backoffice.access.proved_customer, ConversationId(conversation_id))
        except BackofficeError as error:
            raise StoreUnavailable("the back office cannot say whose the conversation is") from error

    async def ask_for_letter(self, conversation_id: str, email: str, transcript: str) -> str | None:
        try:
            return await asyncio.to_thread(self._letter, ConversationId(conversation_id), email, transcript)
        except BackofficeError as error:
            raise StoreUnavailable("the back office took no ticket") from error

    def _letter(self, conversation_id: ConversationId, email: str, transcript: str) -> str:
        tickets = self._backoffice.tickets
        ticket = tickets.open_ticket(
            idempotency_key="contact",
            conversation_id=conversation_id,
            reason="nobody_there",
            summary="Nobody was free in the chat. The customer left an e-mail address and waits for an answer.",
            contact_email=email,
            transcript_excerpt=transcript,
        )
        if ticket.contact_email != email:
            tickets.add_contact(ticket.number, conversation_id, email)
        return str(ticket.number)

    def close(self) -> None:
        self._backoffice.close()


class NoAccounts:
    """An ``Accounts`` that knows nobody: for tests and companies without a back office."""

    async def sign_in(self, conversation_id: str, customer_id: str, until: datetime) -> bool:
        del conversation_id, customer_id, until
        return False

    async def proved_customer(self, conversation_id: str) -> str | None:
        del conversation_id
        return None

    async def ask_for_letter(self, conversation_id: str, email: str, transcript: str) -> str | None:
        del conversation_id, email, transcript
        return None
