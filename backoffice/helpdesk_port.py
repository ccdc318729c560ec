"""What handing tickets on needs from another company's help desk. Every method may raise ``BackofficeUnavailable``."""

from typing import NewType, Protocol

from backoffice.model.ticket import Ticket, TicketState

RemoteId = NewType("RemoteId", str)
"""The help desk's own name for a ticket."""


class HelpDesk(Protocol):
    """Where people work on tickets."""

    def create(self, ticket: Ticket, *, tried: bool) -> RemoteId:
        """Make the ticket there, or find the one that is there under its number already.

        Args:
            ticket: What to make.
            tried: An earlier try may have made it without our hearing of it.
        """
        ...

    def comment(self, remote_id: RemoteId, text: str, mark: str, *, tried: bool) -> None:
        """Add what the customer wrote, for the staff's eyes; ``mark`` tells whether an earlier try did it."""
        ...

    def set_contact(self, remote_id: RemoteId, email: str) -> None:
        """Whom answers go to."""
        ...

    def state(self, remote_id: RemoteId) -> TicketState | None:
        """Whose turn it is; ``None`` when the ticket was deleted there."""
        ...

    def close(self) -> None: ...
