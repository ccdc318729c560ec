"""Approved answers over HTTP: what the bot says because a colleague said so; read, given an end, withdrawn."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query
from pydantic import AwareDatetime

from desk.accounts.guard import Audit, Guard
from desk.accounts.model import Staff
from desk.inbox.help_ports import Answering
from desk.inbox.questions import MAY_APPROVE, Questions
from desk.inbox.schemas import Body

Number = Annotated[int, Path(ge=1, le=2**31 - 1)]


class ValidityBody(Body):
    """Until when it is told; null without end."""

    valid_until: AwareDatetime | None


def build_approvals(guard: Guard, audit: Audit, answering: Answering, questions: Questions) -> APIRouter:
    """For whoever may approve."""
    router = APIRouter()
    approves = Depends(guard.demand(*MAY_APPROVE))

    @router.get("/approvals")
    async def listed(
        q: Annotated[str, Query(max_length=200)] = "",
        cursor: Annotated[str | None, Query(pattern=r"^[1-9]\d{0,8}$")] = None,
        limit: Annotated[int, Query(ge=1, le=100)] = 50,
        *,
        withdrawn: bool = False,
        staff: Staff = approves,
    ) -> dict[str, Any]:
        """Newest first; ``withdrawn`` are those that are told no more."""
        del staff
        before = int(cursor) if cursor else None
        found = await answering.approvals(q.strip(), withdrawn=withdrawn, before=before, limit=limit)
        following = str(found["next"]) if found["next"] else None
        return {"items": found["items"], "next": following, "total": found["total"]}

    @router.patch("/approvals/{number}")
    async def hold_until(number: Number, body: ValidityBody, staff: Staff = approves) -> Any:
        """Told until another moment."""
        changed = await questions.hold_until(number, body.valid_until)
        until = body.valid_until.isoformat() if body.valid_until else "without end"
        await audit.record(staff, "approval.until", str(number), until=until)
        return changed

    @router.post("/approvals/{number}/withdraw")
    async def withdraw(number: Number, staff: Staff = approves) -> Any:
        """Told no more; it stays among the withdrawn ones, with who and when."""
        withdrawn = await answering.withdraw(number, by=staff.name)
        await audit.record(staff, "approval.withdraw", str(number))
        return withdrawn

    return router
