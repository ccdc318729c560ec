"""Canned replies and macros over HTTP."""

from dataclasses import asdict
from typing import Annotated, Any
from uuid import uuid4

from fastapi import APIRouter, Depends
from pydantic import Field

from desk.accounts.guard import Audit, Guard
from desk.accounts.model import Permission, Staff
from desk.gateway.schemas import Cleaned
from desk.inbox.canned import CannedReplies
from desk.inbox.macros import Macros
from desk.inbox.phrases import Action, Canned, Kind, Macro
from desk.inbox.schemas import Body, ClientId, Name, Version, Words
from desk.inbox.service import InboxDesk
from desk.inbox.wire import summary_json

Title = Annotated[str, Cleaned, Field(min_length=1, max_length=200)]
Shortcut = Annotated[str, Field(pattern=r"^[\w-]+$", max_length=64)]


class CannedBody(Body):
    """A new reply, for oneself (``mine``) or for everybody."""

    shortcut: Shortcut
    title: Title
    text: Words
    team: Name | None = None
    mine: bool = True


class CannedChange(Body):
    """What is to be different."""

    shortcut: Shortcut | None = None
    title: Title | None = None
    text: Words | None = None
    team: Name | None = None


class ActionBody(Body):
    """One step."""

    kind: Kind
    value: Words


class MacroBody(Body):
    """Steps in their order."""

    title: Title
    actions: Annotated[list[ActionBody], Field(min_length=1, max_length=20)]

    def steps(self) -> tuple[Action, ...]:
        """The steps as values."""
        return tuple(Action(one.kind, one.value) for one in self.actions)


class RunBody(Body):
    """Which macro; the same ``client_id`` again says nothing twice."""

    macro_id: ClientId
    client_id: Annotated[str, Field(min_length=1, max_length=48)] | None = None
    version: Version = None


def build_phrases(guard: Guard, audit: Audit, canned: CannedReplies, macros: Macros, inbox: InboxDesk) -> APIRouter:
    """Both."""
    router = APIRouter()
    _add_canned(router, guard, audit, canned)
    _add_macros(router, guard, audit, macros)
    answers = Depends(guard.demand(Permission.ANSWER))

    @router.post("/conversations/{conversation_id}/macro")
    async def run(conversation_id: str, body: RunBody, staff: Staff = answers) -> dict[str, Any]:
        """Do all steps of a macro."""
        await audit.record(staff, "conversation.macro", conversation_id, macro=body.macro_id)
        client_id = body.client_id or uuid4().hex
        done = await macros.run(conversation_id, staff, body.macro_id, client_id=client_id, version=body.version)
        return summary_json(done, inbox.now())

    return router


def _add_canned(router: APIRouter, guard: Guard, audit: Audit, canned: CannedReplies) -> None:
    answers = Depends(guard.demand(Permission.ANSWER))

    @router.get("/canned")
    async def listed(staff: Staff = answers) -> dict[str, Any]:
        """Everybody's replies and one's own."""
        return {"items": [_canned_json(one, staff) for one in await canned.usable(staff)], "next": None}

    @router.post("/canned", status_code=201)
    async def add(body: CannedBody, staff: Staff = answers) -> dict[str, Any]:
        """A new reply."""
        made = await canned.add(staff, **body.model_dump())
        await audit.record(staff, "canned.add", made.id)
        return _canned_json(made, staff)

    @router.patch("/canned/{canned_id}")
    async def change(canned_id: str, body: CannedChange, staff: Staff = answers) -> dict[str, Any]:
        """Other words."""
        changed = await canned.change(staff, canned_id, body.model_dump(exclude_unset=True))
        await audit.record(staff, "canned.change", canned_id)
        return _canned_json(changed, staff)

    @router.delete("/canned/{canned_id}", status_code=204)
    async def remove(canned_id: str, staff: Staff = answers) -> None:
        """For good."""
        await canned.remove(staff, canned_id)
        await audit.record(staff, "canned.remove", canned_id)

    @router.get("/canned/{canned_id}/rendered")
    async def rendered(canned_id: str, conversation: str, staff: Staff = answers) -> dict[str, str]:
        """The reply for a conversation, to be looked at before it is sent."""
        return {"text": await canned.rendered(staff, canned_id, conversation)}


def _add_macros(router: APIRouter, guard: Guard, audit: Audit, macros: Macros) -> None:
    answers, assigns = (Depends(guard.demand(one)) for one in (Permission.ANSWER, Permission.ASSIGN))

    @router.get("/macros")
    async def listed(staff: Staff = answers) -> dict[str, Any]:
        """All macros."""
        del staff
        return {"items": [_macro_json(one) for one in await macros.all()], "next": None}

    @router.post("/macros", status_code=201)
    async def add(body: MacroBody, staff: Staff = assigns) -> dict[str, Any]:
        """A new macro."""
        made = await macros.keep(body.title, body.steps())
        await audit.record(staff, "macro.add", made.id)
        return _macro_json(made)

    @router.patch("/macros/{macro_id}")
    async def change(macro_id: str, body: MacroBody, staff: Staff = assigns) -> dict[str, Any]:
        """Another content."""
        await audit.record(staff, "macro.change", macro_id)
        return _macro_json(await macros.keep(body.title, body.steps(), macro_id))

    @router.delete("/macros/{macro_id}", status_code=204)
    async def remove(macro_id: str, staff: Staff = assigns) -> None:
        """For good."""
        await macros.remove(macro_id)
        await audit.record(staff, "macro.remove", macro_id)


def _canned_json(canned: Canned, staff: Staff) -> dict[str, Any]:
    return {
        "id": canned.id,
        "shortcut": canned.shortcut,
        "title": canned.title,
        "text": canned.text,
        "team": canned.team,
        "mine": canned.owner_id == staff.id,
    }


def _macro_json(macro: Macro) -> dict[str, Any]:
    return {"id": macro.id, "title": macro.title, "actions": [asdict(one) for one in macro.actions]}
