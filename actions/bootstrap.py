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
from actions.staff_help import StaffHelp
from answering.bootstrap import build_approved_store, build_ladder, build_summaries, build_translator
from answering.errors import AnsweringError
from answering.generation.handoff_summary import Summaries
from answering.ladder import Ladder
from answering.llm.bootstrap import build_completions
from answering.llm.calls import FallbackModel
from answering.ports import Answers
from answering.settings import AnsweringSettings, LanguageModelSettings
from backoffice.bootstrap import Backoffice, build_backoffice, utc_now
from backoffice.errors import BackofficeError, BackofficeNotMigrated
from privacy.personal_data import PersonalData
from retrieval.bootstrap import build_gap_record
from retrieval.company import personal_data_from
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
    summaries: Summaries | None = None
    now: Callable[[], datetime] = utc_now

    async def problem(self) -> str | None:
        """What keeps the actions from doing their job, in one sentence, or None: both neighbours are really asked."""
        try:
            await self.ladder.entry("readiness-probe")
        except AnsweringError as error:
            return f"The knowledge index cannot be read ({error.__cause__ or error})."
        try:
            await asyncio.to_thread(self.backoffice.check)
        except BackofficeNotMigrated as error:
            return str(error)
        except BackofficeError as error:
            return f"The back office does not answer: {error}."
        return None


@functools.lru_cache(maxsize=1)
def services() -> Services:
    """The process's services as the environment says; the first caller makes them."""
    retrieval, llm, backoffice, models = RetrievalSettings(), LanguageModelSettings(), _backoffice(), _models()
    return Services(
        ladder=_ladder(),
        backoffice=backoffice,
        handoffs=build_handoffs(DeskSettings(), backoffice),
        personal_data=personal_data_from(retrieval),
        gaps=build_gap_record(retrieval),
        summaries=build_summaries(llm, retrieval, models),
    )


@functools.lru_cache(maxsize=1)
def staff_help() -> StaffHelp:
    """What colleagues ask for, over the same ladder as customers' questions."""
    llm, retrieval = LanguageModelSettings(), RetrievalSettings()
    return StaffHelp(
        _ladder(),
        build_approved_store(AnsweringSettings()),
        build_translator(llm, retrieval, _models()),
        _backoffice().access.verified_customer,
        personal_data_from(retrieval),
    )


@functools.lru_cache(maxsize=1)
def _backoffice() -> Backoffice:
    return build_backoffice()


def close() -> None:
    """Send the letters that wait and give the data base's connections back, if there are any (blocking)."""
    if _backoffice.cache_info().currsize:
        _backoffice().close()


@functools.lru_cache(maxsize=1)
def _ladder() -> Ladder:
    return build_ladder(backoffice=_backoffice(), completions=_models())


@functools.lru_cache(maxsize=1)
def _models() -> FallbackModel:
    """One breaker and one limit for all that ask them."""
    return build_completions(LanguageModelSettings(), now=utc_now)


def build_handoffs(settings: DeskSettings, backoffice: Backoffice) -> DeskElseTicket:
    """The desk, where one is configured, before the tickets."""
    tickets = TicketHandoffs(backoffice.tickets)
    if not settings.url:
        return DeskElseTicket(None, tickets)
    client = httpx.AsyncClient(base_url=settings.url, timeout=settings.handoff_timeout_seconds, trust_env=False)
    return DeskElseTicket(DeskClient(client, secret=settings.secret.get_secret_value()), tickets)
