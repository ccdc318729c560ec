"""Tickets that are kept here and handed on to another company's help desk as soon as it takes them."""

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Event, Thread

import structlog
from prometheus_client import Counter

from backoffice.adapters.http_call import NeighbourUnavailable
from backoffice.adapters.sql.deliveries import Deliveries, Kind, Waiting
from backoffice.errors import BackofficeUnavailable
from backoffice.helpdesk_port import HelpDesk, RemoteId
from backoffice.model.ids import ConversationId, MessageId
from backoffice.model.ticket import Ticket, TicketDraft
from backoffice.ports import TicketBook

logger = structlog.get_logger()

FIRST_PAUSE = timedelta(seconds=15)
LONGEST_PAUSE = timedelta(minutes=30)
DELIVERIES = Counter(
    "backoffice_ticket_deliveries", "Tickets, notes and addresses handed to the help desk, by outcome.", ["outcome"]
)


class ForwardedTicketBook:
    """``TicketBook``: the ticket gets its number and is safe here first, so the customer never waits for the help desk.

    How a ticket stands is asked there; while it does not answer, the last that was heard is told.
    """

    def __init__(
        self,
        kept: TicketBook,
        deliveries: Deliveries,
        desk: HelpDesk,
        *,
        wake: Callable[[], None],
        now: Callable[[], datetime],
    ) -> None:
        self._kept, self._deliveries, self._desk, self._wake, self._now = kept, deliveries, desk, wake, now

    def open(self, draft: TicketDraft, at: datetime) -> Ticket:
        ticket = self._kept.open(draft, at)
        self._wake()
        return ticket

    def find(self, number: str) -> Ticket | None:
        ticket = self._kept.find(number)
        remote_id = self._deliveries.remote_id(number) if ticket else None
        if ticket is None or remote_id is None:
            return ticket
        try:
            state = self._desk.state(remote_id)
        except BackofficeUnavailable as error:
            logger.warning("ticket.state_unknown", ticket=number, reason=str(error))
            return ticket
        if state is None or state is ticket.state:
            return ticket
        return self._deliveries.note_state(number, state, self._now())

    def opened_in(self, conversation_id: ConversationId) -> list[Ticket]:
        return self._kept.opened_in(conversation_id)

    def set_contact(
        self, number: str, conversation_id: ConversationId, email: str, at: datetime, message_id: MessageId | None
    ) -> Ticket | None:
        ticket = self._kept.set_contact(number, conversation_id, email, at, message_id)
        self._wake()
        return ticket


class Courier:
    """Hands on what waits. Several may run, in one process or many: each thing is claimed by one at a time."""

    def __init__(self, deliveries: Deliveries, desk: HelpDesk, *, now: Callable[[], datetime]) -> None:
        self._deliveries, self._desk, self._now = deliveries, desk, now

    def deliver(self) -> tuple[int, int]:
        """One round; how many were taken and how many were not."""
        taken = failed = 0
        while (waiting := self._deliveries.waiting(self._now())) and not failed:
            before = taken
            for one in waiting:
                outcome = self._hand_over(one)
                taken += outcome is True
                failed += outcome is False
            if taken == before:
                break
        return taken, failed

    def _hand_over(self, one: Waiting) -> bool | None:
        now = self._now()
        number = self._deliveries.claim(one, now)
        if number == 0:
            return None
        try:
            remote_id = self._send(one, tried=number > 1)
        except BackofficeUnavailable as error:
            self._deliveries.put_off(one, now + _pause(number, error))
            DELIVERIES.labels("failed").inc()
            logger.warning(
                "ticket.not_delivered", ticket=one.ticket.number, kind=one.kind.value, tries=number, reason=str(error)
            )
            return False
        self._deliveries.delivered(one, self._now(), remote_id)
        DELIVERIES.labels("delivered").inc()
        logger.info("ticket.delivered", ticket=one.ticket.number, kind=one.kind.value)
        return True

    def _send(self, one: Waiting, *, tried: bool) -> RemoteId:
        if one.kind is Kind.TICKET or one.remote_id is None:
            return self._desk.create(one.ticket, tried=tried)
        if one.kind is Kind.CONTACT:
            self._desk.set_contact(one.remote_id, one.ticket.contact_email or "")
        else:
            self._desk.comment(one.remote_id, one.text or "", f"note {one.subject}", tried=tried)
        return one.remote_id


class CourierRound:
    """The courier's thread: goes at once when woken, else now and then."""

    def __init__(self, courier: Courier, *, every: timedelta) -> None:
        self._courier, self._every = courier, every
        self._woken, self._ended = Event(), Event()
        self._thread = Thread(target=self._run, name="ticket-courier", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def wake(self) -> None:
        self._woken.set()

    def close(self) -> None:
        """Ends after the delivery under way; what waits stays in the data base."""
        self._ended.set()
        self._woken.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._ended.is_set():
            try:
                self._courier.deliver()
            except BackofficeUnavailable as error:
                logger.warning("ticket.courier_waits", reason=str(error))
            except Exception:  # else the thread ended, and no ticket was handed on until the next start
                DELIVERIES.labels("crashed").inc()
                logger.exception("ticket.courier_crashed")
            self._woken.wait(self._every.total_seconds())
            self._woken.clear()


def _pause(tries: int, error: BackofficeUnavailable) -> timedelta:
    """Twice as long each time, and never shorter than the help desk asked for."""
    pause = min(FIRST_PAUSE * (1 << min(tries - 1, 10)), LONGEST_PAUSE)
    asked = error.retry_after if isinstance(error, NeighbourUnavailable) else None
    return max(pause, timedelta(seconds=min(asked, 3600))) if asked else pause
