"""What the rules need from outside. Every method may raise ``BackofficeUnavailable``."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol, TypeVar

from backoffice.model.access import Claim, Gates, Ruling, Standing
from backoffice.model.act import Act, Done, Refusal
from backoffice.model.code import Code, CodeAnswer, CodeGates, CodeRequest, Purpose
from backoffice.model.customer import Customer
from backoffice.model.ids import ConversationId, CustomerId, MessageId
from backoffice.model.mail import Mail
from backoffice.model.order import Order
from backoffice.model.order_change import OrderPlan
from backoffice.model.ticket import Ticket, TicketDraft


class Shop(Protocol):
    """Customers and orders, read only. Asked for a customer's order, never for an order of anybody."""

    def owner_of(self, order_number: str) -> Customer | None:
        """Who placed the order, by one look-up that costs the same whether there is such an order or not."""
        ...

    def customer(self, customer_id: CustomerId) -> Customer | None: ...

    def customer_by_email(self, key: str) -> Customer | None:
        """Whose address it is; ``key`` as ``parsing.email_key`` makes it."""
        ...

    def order(self, customer_id: CustomerId, order_number: str) -> Order | None:
        """The order, if it is this customer's; another's is ``None`` as one that does not exist."""
        ...

    def orders(self, customer_id: CustomerId) -> tuple[Order, ...]:
        """All orders of the customer, newest first."""
        ...


class AccessLedger(Protocol):
    """Tries and proofs, kept where a restart does not lose them."""

    def attempt(self, claim: Claim, rule: Callable[[Gates], tuple[Ruling, Gates]]) -> Ruling:
        """Decide and remember one try, alone with its three gates, in one transaction.

        The same message of the same conversation again gets the ruling of the first time, and ``rule`` is
        not called.
        """
        ...

    def standing(self, conversation_id: ConversationId, at: datetime) -> Standing | None:
        """The conversation's latest proof, if it still holds at ``at``."""
        ...

    def sign_in(self, act: Act, customer_id: CustomerId, at: datetime, until: datetime) -> None:
        """Tie the conversation to a customer whom the website vouches for."""
        ...

    def end(self, act: Act, at: datetime) -> None:
        """End the conversation's proof, if one still holds."""
        ...

    def proved_customer(self, conversation_id: ConversationId) -> CustomerId | None:
        """Whom the conversation last proved to be, also where that proof has ended."""
        ...

    def conversations_of(self, customer_id: CustomerId) -> list[ConversationId]:
        """Every conversation that ever proved to be with this customer, also where the proof has ended."""
        ...

    def customers_of(self, conversation_id: ConversationId) -> set[CustomerId]:
        """Everybody whom this conversation ever proved to be with, also where the proof has ended."""
        ...


class CodeLedger(Protocol):
    """One-time codes: sent, tried and counted, each message once."""

    def ask(
        self,
        request: CodeRequest,
        rule: Callable[[CodeGates, Code | None], tuple[CodeAnswer | None, CodeGates]],
        at: datetime,
    ) -> tuple[CodeAnswer, bool]:
        """Count and keep a new code; the flag says whether it is to be sent (not for a message seen before)."""
        ...

    def check(
        self,
        act: Act,
        purpose: Purpose,
        same: Callable[[str], bool],
        rule: Callable[[Code | None, bool], tuple[CodeAnswer, Code | None]],
        at: datetime,
    ) -> CodeAnswer:
        """Judge and count one try; ``same`` compares a kept digest with what was typed, in constant time."""
        ...

    def proved_email(self, conversation_id: ConversationId, at: datetime) -> tuple[CustomerId, str] | None:
        """Whose new address this conversation has proved by its code, and which, while that holds."""
        ...


P = TypeVar("P", bound=OrderPlan)


class OrderBook(Protocol):
    """Changes of orders."""

    def change(  # noqa: PLR0917 - each is needed and none is optional
        self,
        act: Act,
        customer_id: CustomerId,
        order_number: str,
        kind: type[P],
        decide: Callable[[Order], P | Refusal],
        at: datetime,
    ) -> Done[P] | Refusal:
        """Decide on the order as it is, alone with it, and do what was decided: once a key, completely or not at all.

        Another customer's order is ``NOT_FOUND``, as one that does not exist.
        """
        ...


class Post(Protocol):
    """Where letters to customers go."""

    def send(self, mail: Mail) -> None:
        """Hand the letter over.

        Raises:
            MailUnavailable: It was not taken; it may be sent again.
        """
        ...


class TicketBook(Protocol):
    """Where tickets are kept."""

    def open(self, draft: TicketDraft, at: datetime) -> Ticket:
        """A new ticket, or the one this conversation has already opened with the same idempotency key."""
        ...

    def find(self, number: str) -> Ticket | None: ...

    def opened_in(self, conversation_id: ConversationId) -> list[Ticket]:
        """All that this conversation has opened, oldest first."""
        ...

    def set_contact(
        self, number: str, conversation_id: ConversationId, email: str, at: datetime, message_id: MessageId | None
    ) -> Ticket | None:
        """Write the address on a ticket of this conversation; ``None`` when it has no such ticket."""
        ...
