"""Who takes a conversation over."""

from typing import Protocol

from actions.handoff.model import Accepted, Handoff


class DeskUnavailable(Exception):
    """The desk did not take the handoff: it is down, refused it, or does not know the conversation.

    Attributes:
        known: False when the desk answers but the conversation did not come through it.
    """

    def __init__(self, why: str, *, known: bool = True) -> None:
        super().__init__(why)
        self.known = known


class HandoffDesk(Protocol):
    """Takes conversations over. The same handoff (conversation and message) again is the same one."""

    async def take(self, handoff: Handoff) -> Accepted:
        """Queue or file the handoff.

        Raises:
            DeskUnavailable: nothing was taken.
            BackofficeUnavailable: no ticket could be opened.
        """
        ...
