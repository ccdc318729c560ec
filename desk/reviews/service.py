"""Reading and judging transcripts: what the routes call."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from desk.accounts.model import Staff
from desk.adapters.sql import judgements, review_detail, review_lists, saved_filters
from desk.adapters.sql.database import Database
from desk.errors import NotFound
from desk.reviews import cursors
from desk.reviews.corrections import Corrections
from desk.reviews.model import ReviewFilter, ReviewState, Sort
from desk.reviews.reasons import TrackerReasons
from desk.reviews.scenario import scenario_of
from desk.reviews.teaching import Teaching
from desk.reviews.wire import Detail, TurnNotes
from privacy.personal_data import PersonalData


@dataclass(frozen=True, slots=True)
class Judgement:
    """What somebody thinks of a turn. What is not in ``given`` stays as it is.

    Attributes:
        given: of ``intent``, ``entities``, ``answer_rating``, ``should_have_been``; None takes it back.
        mark: one's own mark, on or off; None leaves it.
    """

    given: Mapping[str, Any]
    mark: bool | None = None

    @property
    def corrects(self) -> bool:
        """Whether it says what was meant."""
        return bool({"intent", "entities"} & set(self.given))


@dataclass(frozen=True)
class ReviewDesk:
    """Transcripts for the console."""

    database: Database
    corrections: Corrections
    teaching: Teaching
    reasons: TrackerReasons
    personal_data: PersonalData
    now: Callable[[], datetime]

    async def listed(
        self, wanted: ReviewFilter, *, sort: Sort, cursor: str | None, limit: int
    ) -> tuple[Sequence[Row[Any]], str | None, int]:
        """A page, the cursor of the next one, and how many there are (``review_lists.count``).

        Raises:
            Invalid: the cursor is none of ours.
        """
        after = cursors.after(cursor, sort) if cursor else None
        rows, total = await self.database.read(_page_and_count, wanted, sort, after, limit)
        more = rows[limit - 1] if len(rows) > limit else None
        return rows[:limit], cursors.of_row(more, sort) if more is not None else None, total

    async def facets(self) -> dict[str, list[str]]:
        """What there is to filter by."""
        return await self.database.read(review_lists.facets)

    async def next(self, after: str | None) -> Row[Any] | None:
        """What to read next."""
        return await self.database.read(review_lists.next_worth, after)

    async def detail(self, conversation_id: str) -> Detail:
        """One conversation.

        Raises:
            NotFound: it has no transcript.
        """
        return await self.database.read(review_detail.detail, conversation_id)

    async def judge(self, conversation_id: str, position: int, judgement: Judgement, staff: Staff) -> Detail:
        """Keep a judgement.

        Raises:
            NotFound: there is no such turn.
        """
        return await self.database.write(_judge, conversation_id, position, judgement, staff=staff, now=self.now())

    async def comment(self, conversation_id: str, position: int | None, text: str, staff: Staff) -> dict[str, Any]:
        """Keep a comment.

        Raises:
            NotFound: there is no such conversation or turn.
        """
        return await self.database.write(
            judgements.comment, conversation_id, position, text, staff=staff, now=self.now()
        )

    async def change(
        self, conversation_id: str, *, state: ReviewState | None, tags: Sequence[str] | None, flagged: bool | None
    ) -> Row[Any]:
        """Set state, tags or flag.

        Raises:
            NotFound: it has no transcript.
        """
        return await self.database.write(judgements.change, conversation_id, state=state, tags=tags, flagged=flagged)

    async def scenario(self, conversation_id: str) -> str:
        """The conversation as a scenario's YAML.

        Raises:
            NotFound: it has no transcript.
        """
        detail = await self.detail(conversation_id)
        notes = {
            position: TurnNotes(judged.intent, judged.should_have_been) for position, judged in detail.judged.items()
        }
        return scenario_of(detail.turns, notes, self.personal_data)

    async def filters(self, staff: Staff) -> list[saved_filters.Saved]:
        """One's own filters and everybody's."""
        return await self.database.read(saved_filters.listed, staff)

    async def save_filter(
        self, staff: Staff, name: str, query: Mapping[str, Any], *, shared: bool
    ) -> saved_filters.Saved:
        """Keep a filter.

        Raises:
            Invalid: one has too many.
        """
        return await self.database.write(saved_filters.save, staff, name, query, self.now(), shared=shared)

    async def remove_filter(self, staff: Staff, filter_id: str) -> None:
        """Delete one's own filter.

        Raises:
            NotFound: there is none.
        """
        await self.database.write(saved_filters.remove, staff, filter_id)

    async def corrected(
        self, *, exported: bool | None, cursor: str | None, limit: int
    ) -> tuple[Sequence[Row[Any]], str | None]:
        """Corrections, newest first.

        Raises:
            Invalid: the cursor is none of ours.
        """
        before = cursors.place(cursor) if cursor else None
        rows = await self.database.read(judgements.corrections, exported=exported, before=before, limit=limit + 1)
        last = rows[limit - 1] if len(rows) > limit else None
        return rows[:limit], cursors.of_correction(last) if last else None

    async def confusion(self, since: datetime | None, until: datetime | None) -> list[dict[str, Any]]:
        """What was taken for what."""
        found = await self.database.read(judgements.confusion, since, until)
        return [{"said": said, "corrected": meant, "count": n, "conversations": ids} for said, meant, n, ids in found]


def _page_and_count(
    connection: Connection, wanted: ReviewFilter, sort: Sort, after: review_lists.After | None, limit: int
) -> tuple[Sequence[Row[Any]], int]:
    rows = review_lists.page(connection, wanted, sort=sort, after=after, limit=limit)
    return rows, review_lists.count(connection, wanted)


def _judge(
    connection: Connection, conversation_id: str, position: int, judgement: Judgement, *, staff: Staff, now: datetime
) -> Detail:
    values = dict(judgement.given)
    if judgement.corrects:
        by = {"corrected_by": staff.id, "corrected_by_name": staff.name, "corrected_at": now, "exported_at": None}
        values |= by
    if values:
        judgements.judge(connection, conversation_id, position, values)
    if judgement.mark is not None:
        judgements.mark(connection, conversation_id, position, staff, now, on=judgement.mark)
    found = review_detail.detail(connection, conversation_id)
    if all(turn.position != position for turn in found.turns):
        raise NotFound
    return found
