"""The action server's composition root: made once at start, used by every action."""

import asyncio
import functools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import httpx

from actions.handoff.desk_client import DeskClient
from actions.handoff.desk_else_ticket import DeskElseTicket
from actions.handoff.tickets import TicketHandoffs
from actions.settings import DeskSettings
from answering.bootstrap import build_ladder
from answering.errors import AnsweringError
from answering.ports import Answers
from backoffice.bootstrap import Backoffice, build_backoffice, utc_now
from backoffice.errors import BackofficeError
from privacy.personal_data import PersonalData
from retrieval.bootstrap import build_gap_record, personal_data_from
from retrieval.gaps.record import GapRecord
from retrieval.settings import RetrievalSettings


@dataclass(frozen=True, slots=True)
class Services:
    """What actions call."""

    ladder: Answers
    backoffice: Backoffice
    handoffs: DeskElseTicket
    personal_data: PersonalData
    gaps: GapRecord | None = None
    now: Callable[[], datetime] = utc_now

    async def problem(self) -> str | None:
        """What keeps the actions from doing their job, in one sentence, or None: both neighbours are really asked."""
        try:
            await self.ladder.entry("readiness-probe")
        except AnsweringError as error:
            return f"The knowledge index cannot be read ({error.__cause__ or error})."
        try:
            await asyncio.to_thread(self.backoffice.check)
        except BackofficeError as error:
            return f"The back office does not answer ({type(error).__name__}); try `python -m backoffice migrate`."
        return None


@functools.lru_cache(maxsize=1)
def services() -> Services:
    """The process's services as the environment says; the first caller makes them."""
    retrieval, backoffice = RetrievalSettings(), build_backoffice()
    return Services(
        ladder=build_ladder(backoffice=backoffice),
        backoffice=backoffice,
        handoffs=build_handoffs(DeskSettings(), backoffice),
        personal_data=personal_data_from(retrieval),
        gaps=build_gap_record(retrieval),
    )


def build_handoffs(settings: DeskSettings, backoffice: Backoffice) -> DeskElseTicket:
    """The desk, where one is configured, before the tickets."""
    tickets = TicketHandoffs(backoffice.tickets)
    if not settings.url:
        return DeskElseTicket(None, tickets)
    client = httpx.AsyncClient(base_url=settings.url, timeout=settings.handoff_timeout_seconds, trust_env=False)
    return DeskElseTicket(DeskClient(client, secret=settings.secret.get_secret_value()), tickets)
