"""The inbox over HTTP, below ``/console/api``: reads input, calls one function, writes output."""

import base64
import binascii
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import FileResponse

from desk.accounts.guard import Audit, Guard
from desk.accounts.model import Permission, Staff
from desk.attachments.http import file_response, uploaded
from desk.attachments.service import AttachmentDesk
from desk.company import OpeningHours
from desk.errors import Invalid, NotFound
from desk.gateway.wire import attachment_json, moment, opening_json
from desk.inbox import schemas
from desk.inbox.feed import ConsoleFeed
from desk.inbox.model import Summary
from desk.inbox.ports import Colleagues, TurnReasons
from desk.inbox.service import InboxDesk
from desk.inbox.stream import ConsoleStream
from desk.inbox.wire import customer_json, note_json, summary_json, timeline_json, told
from desk.web.stream import Streamed

Limit = Annotated[int, Query(ge=1, le=100)]


class InboxRoutes:
    """Builds the router.

    Args:
        inbox: what is done.
        guard: who may.
        audit: where it is written down.
        reasons: what the bot knew.
        colleagues: whom a conversation can be passed to.
        files: customers' and agents' files.
        hours: when people are there.
        feed: where consoles listen.
    """

    def __init__(
        self,
        inbox: InboxDesk,
        guard: Guard,
        audit: Audit,
        *,
        reasons: TurnReasons,
        colleagues: Colleagues,
        files: AttachmentDesk,
        hours: OpeningHours,
        feed: ConsoleFeed,
    ) -> None:
        self._inbox, self._audit = inbox, audit
        self._answers = Depends(guard.demand(Permission.ANSWER))
        self._guard = guard
        self._reasons, self._colleagues = reasons, colleagues
        self._files, self._hours, self._feed = files, hours, feed

    def build(self) -> APIRouter:
        """All routes."""
        router = APIRouter()
        self._add_lists(router)
        self._add_owning(router)
        self._add_sorting(router)
        self._add_talking(router)
        self._add_files(router)
        return router

    def _shown(self, summary: Summary) -> dict[str, Any]:
        return summary_json(summary, self._inbox.now())

    def _add_lists(self, router: APIRouter) -> None:
        answers, inbox = self._answers, self._inbox

        @router.get("/inbox")
        async def listed(page: Annotated[schemas.Page, Query()], staff: Staff = answers) -> dict[str, Any]:
            """A page of a queue with the counts of all."""
            filters = {
                "team": page.team,
                "priority": page.priority,
                "tag": page.tag,
                "q": (page.q or "").strip() or None,
            }
            cursor = _read_cursor(page.cursor)
            found, more = await inbox.listed(page.queue, staff, filters, cursor=cursor, limit=page.limit)
            after = _cursor(found[-1]) if more and found else None
            return {"items": [self._shown(one) for one in found], "next": after, "counts": await inbox.counts(staff)}

        @router.get("/conversations/{conversation_id}/summary")
        async def glance(conversation_id: str, staff: Staff = answers) -> dict[str, Any]:
            """As the list shows it, for a tab in the background: nothing is opened, and nobody looks."""
            del staff
            return self._shown(await inbox.summary(conversation_id))

        @router.post("/inbox/next")
        async def following(staff: Staff = answers) -> Any:
            """Take the conversation that is to be served next; 204 when nobody waits."""
            taken = await inbox.next(staff, await self._colleagues.teams_of(staff.id))
            if taken is None:
                return Response(status_code=204)
            await self._audit.record(staff, "conversation.take", taken.conversation.id)
            return self._shown(taken)

        @router.get("/events", response_class=Response)
        async def events(request: Request, staff: Staff = answers) -> Response:
            """Everything that happens, as server-sent events."""

            async def still_in() -> bool:
                return await self._guard.still_in(request, Permission.ANSWER)

            return Streamed(ConsoleStream(staff, inbox, self._feed, still_in))

        @router.get("/opening")
        async def opening(staff: Staff = answers) -> dict[str, Any]:
            """Whether people are there now."""
            del staff
            return opening_json(self._hours.at(inbox.now()))

        @router.get("/teams")
        async def teams(staff: Staff = answers) -> list[dict[str, Any]]:
            """Teams with how many people they have and how many customers wait for them."""
            del staff
            waiting = await inbox.waiting_by_team()
            known = await self._colleagues.teams()
            return [{**team, "queued": waiting.get(str(team["id"]), 0)} for team in known]

        @router.post("/me/away", status_code=204)
        async def away(body: schemas.AwayBody, staff: Staff = answers) -> None:
            """Take no conversations for a while; those one has go to colleagues."""
            await inbox.away(staff, away=body.away)
            await self._audit.record(staff, "account.away" if body.away else "account.back")

    def _add_owning(self, router: APIRouter) -> None:
        answers, inbox = self._answers, self._inbox

        @router.get("/conversations/{conversation_id}")
        async def opened(conversation_id: str, staff: Staff = answers) -> dict[str, Any]:
            """The conversation with its newest part, the handoff and the customer."""
            customer = await inbox.customer(await inbox.summary(conversation_id))
            found, knew = await inbox.open(conversation_id), await self._reasons.of(conversation_id)
            await inbox.looks(conversation_id, staff)
            await self._audit.record(staff, "conversation.open", conversation_id)
            translations = await inbox.translations(conversation_id)
            handoff = {**found.handoff, "at": moment(found.handoff["at"])} if found.handoff else None
            return {
                "conversation": self._shown(found.summary),
                "items": timeline_json(conversation_id, found.items, found.notes, knew, translations),
                "handoff": handoff,
                "customer": customer_json(customer),
                "viewers": inbox.presence.viewers(conversation_id),
                "notes_count": len(found.notes),
                "tickets": list(found.tickets),
            }

        @router.get("/conversations/{conversation_id}/items")
        async def older(
            conversation_id: str,
            before: Annotated[float, Query(gt=0, le=2**31 - 1)],
            limit: Limit = 50,
            staff: Staff = answers,
        ) -> dict[str, Any]:
            """Items before a position, oldest first."""
            await inbox.summary(conversation_id)
            await self._audit.record_reading(staff, "conversation.open", conversation_id)
            end = int(-(-before // 1))
            items = await inbox.older(conversation_id, end, limit)
            notes = [one for one in await inbox.notes(conversation_id) if one.after_position < end]
            knew, translations = await self._reasons.of(conversation_id), await inbox.translations(conversation_id)
            shown = timeline_json(conversation_id, items, notes, knew, translations)
            return {"items": [one for one in shown if one["position"] < before], "next": None}

        @router.post("/conversations/{conversation_id}/take")
        async def take(conversation_id: str, body: schemas.TakeBody, staff: Staff = answers) -> dict[str, Any]:
            """Own the conversation; the bot is silent from now on."""
            await self._audit.record(staff, "conversation.take", conversation_id)
            return self._shown(await inbox.take(conversation_id, staff, body.version))

        @router.post("/conversations/{conversation_id}/return")
        async def give_back(conversation_id: str, body: schemas.ReturnBody, staff: Staff = answers) -> dict[str, Any]:
            """To the bot."""
            await self._audit.record(staff, "conversation.return", conversation_id)
            return self._shown(await inbox.give_back(conversation_id, staff, version=body.version, note=body.note))

        @router.post("/conversations/{conversation_id}/transfer")
        async def transfer(conversation_id: str, body: schemas.TransferBody, staff: Staff = answers) -> dict[str, Any]:
            """To a colleague or a team."""
            to = await self._colleague(body.agent_id) if body.agent_id else None
            await self._audit.record(staff, "conversation.transfer", conversation_id, to=body.agent_id, team=body.team)
            return self._shown(await inbox.transfer(conversation_id, staff, to=to, team=body.team, note=body.note))

        @router.post("/conversations/{conversation_id}/resolve")
        async def resolve(conversation_id: str, body: schemas.ResolveBody, staff: Staff = answers) -> dict[str, Any]:
            """Ended, with how it went."""
            await self._audit.record(staff, "conversation.resolve", conversation_id, reason=body.reason)
            return self._shown(await inbox.resolve(conversation_id, body.reason, body.comment))

        @router.post("/conversations/{conversation_id}/reopen")
        async def reopen(conversation_id: str, staff: Staff = answers) -> dict[str, Any]:
            """An ended conversation is the agent's again."""
            await self._audit.record(staff, "conversation.reopen", conversation_id)
            return self._shown(await inbox.reopen(conversation_id, staff))

    def _add_sorting(self, router: APIRouter) -> None:
        answers, inbox = self._answers, self._inbox

        @router.post("/conversations/{conversation_id}/snooze")
        async def snooze(conversation_id: str, body: schemas.SnoozeBody, staff: Staff = answers) -> dict[str, Any]:
            """Out of sight until then, or until the customer writes."""
            await self._audit.record(staff, "conversation.snooze", conversation_id)
            return self._shown(await inbox.snooze(conversation_id, body.until))

        @router.post("/conversations/{conversation_id}/unsnooze")
        async def unsnooze(conversation_id: str, staff: Staff = answers) -> dict[str, Any]:
            """Back in sight."""
            del staff
            return self._shown(await inbox.snooze(conversation_id, None))

        @router.post("/conversations/{conversation_id}/priority")
        async def priority(conversation_id: str, body: schemas.PriorityBody, staff: Staff = answers) -> dict[str, Any]:
            """How soon somebody has to look."""
            await self._audit.record(staff, "conversation.priority", conversation_id, priority=body.priority)
            return self._shown(await inbox.prioritise(conversation_id, body.priority))

        @router.post("/conversations/{conversation_id}/tags")
        async def tags(conversation_id: str, body: schemas.TagsBody, staff: Staff = answers) -> dict[str, Any]:
            """Tags in, tags out."""
            del staff
            return self._shown(await inbox.tag(conversation_id, body.add, body.remove))

        @router.post("/conversations/{conversation_id}/read")
        async def read(conversation_id: str, body: schemas.ReadBody, staff: Staff = answers) -> dict[str, Any]:
            """Seen up to here."""
            del staff
            return self._shown(await inbox.read_up_to(conversation_id, int(body.position)))

        @router.post("/conversations/{conversation_id}/ticket", status_code=201)
        async def ticket(conversation_id: str, body: schemas.TicketBody, staff: Staff = answers) -> dict[str, str]:
            """A ticket with the conversation's text; the same subject again is the same ticket."""
            await self._audit.record(staff, "conversation.ticket", conversation_id)
            return {"number": await inbox.ticket(conversation_id, f"console:{body.subject}"[:120], body.subject)}

    def _add_talking(self, router: APIRouter) -> None:
        answers, inbox = self._answers, self._inbox

        @router.post("/conversations/{conversation_id}/reply")
        async def reply(conversation_id: str, body: schemas.ReplyBody, staff: Staff = answers) -> dict[str, Any]:
            """Say something to the customer; the same client id again is the same reply."""
            if not body.text and not body.attachments:
                raise Invalid("The reply is empty. Write something or attach a file.")
            said = (body.client_id, body.text)
            original = (body.original.language, body.original.text) if body.original else None
            summary, item = await inbox.reply(
                conversation_id, staff, said, version=body.version, files=body.attachments, original=original
            )
            await self._audit.record(staff, "conversation.reply", conversation_id, item=item.id)
            shown = told(conversation_id, item, translations=dict([original]) if original else None)
            return {"conversation": self._shown(summary), "item": shown}

        @router.post("/conversations/{conversation_id}/notes", status_code=201)
        async def note(conversation_id: str, body: schemas.NoteBody, staff: Staff = answers) -> dict[str, Any]:
            """Say something to colleagues only."""
            await self._audit.record(staff, "conversation.note", conversation_id)
            return note_json(await inbox.note(conversation_id, staff, body.client_id, body.text))

        @router.post("/conversations/{conversation_id}/typing", status_code=204)
        async def typing(conversation_id: str, body: schemas.TypingBody, staff: Staff = answers) -> None:
            """The agent writes."""
            await inbox.typing(conversation_id, staff, on=body.on)

        @router.post("/conversations/{conversation_id}/viewing", status_code=204)
        async def viewing(conversation_id: str, staff: Staff = answers) -> None:
            """The agent has it open."""
            await inbox.summary(conversation_id)
            await inbox.looks(conversation_id, staff)

    def _add_files(self, router: APIRouter) -> None:
        answers, inbox, files = self._answers, self._inbox, self._files

        @router.post("/conversations/{conversation_id}/attachments", status_code=201)
        async def attach(conversation_id: str, request: Request, staff: Staff = answers) -> dict[str, Any]:
            """Keep a file to be sent with a reply."""
            await inbox.summary(conversation_id)
            kept = await files.keep(conversation_id, *await uploaded(request))
            await self._audit.record(staff, "conversation.attach", conversation_id)
            shown = attachment_json(conversation_id, kept)
            return {**shown, "url": f"/console/api/conversations/{conversation_id}/attachments/{kept.id}"}

        @router.get("/conversations/{conversation_id}/attachments/{attachment_id}")
        async def attachment(conversation_id: str, attachment_id: str, staff: Staff = answers) -> FileResponse:
            """A file of the conversation."""
            found = await files.find(conversation_id, attachment_id)
            await self._audit.record_reading(staff, "conversation.open", conversation_id)
            return file_response(*found)

    async def _colleague(self, agent_id: str) -> tuple[str, str]:
        name = await self._colleagues.name_of(agent_id)
        if name is None:
            raise NotFound
        return agent_id, name


def _cursor(last: Summary) -> str:
    told = f"{moment(last.conversation.updated_at)} {last.conversation.id}"
    return base64.urlsafe_b64encode(told.encode()).decode()


def _read_cursor(given: str | None) -> tuple[datetime, str] | None:
    if not given:
        return None
    try:
        at, _, ident = base64.urlsafe_b64decode(given.encode()).decode().partition(" ")
        return datetime.fromisoformat(at), ident
    except (binascii.Error, UnicodeError, ValueError) as error:
        raise Invalid("This page's mark is not readable. Load the list again.") from error
