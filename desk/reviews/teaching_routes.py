"""Routes that make the bot better: what can be chosen, corrections and their export, live teaching."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query

from desk.accounts.guard import Audit, Guard
from desk.accounts.model import Permission, Staff
from desk.gateway.wire import moment
from desk.reviews.corrections import Exported, Learning
from desk.reviews.schemas import ExportBody, HeardBody, TeachBody
from desk.reviews.service import ReviewDesk
from desk.reviews.wire import correction_json, turn_json


def build_teaching_routes(desk: ReviewDesk, guard: Guard, audit: Audit) -> APIRouter:
    """These come before ``/reviews/{id}``."""
    router = APIRouter(prefix="/reviews", include_in_schema=False)
    reviewer, teacher = guard.demand(Permission.REVIEW), guard.demand(Permission.TEACH)

    @router.get("/intents", dependencies=[Depends(reviewer)])
    async def intents() -> list[dict[str, Any]]:
        found = await desk.corrections.intents()
        return [{"name": one.name, "description": one.description, "examples": one.examples} for one in found]

    @router.get("/entities", dependencies=[Depends(reviewer)])
    async def entities() -> list[str]:
        return await desk.corrections.entities()

    @router.get("/corrections", dependencies=[Depends(reviewer)])
    async def corrections(
        exported: bool | None = None,  # noqa: FBT001 - a query parameter
        cursor: Annotated[str | None, Query(max_length=200)] = None,
        limit: Annotated[int, Query(ge=1, le=100)] = 50,
    ) -> dict[str, Any]:
        rows, following = await desk.corrected(exported=exported, cursor=cursor, limit=limit)
        return {"items": [correction_json(row) for row in rows], "next": following}

    @router.get("/corrections/learning", dependencies=[Depends(reviewer)])
    async def learning() -> dict[str, Any]:
        return learning_json(await desk.corrections.learning())

    @router.post("/corrections/heard", dependencies=[Depends(reviewer)])
    async def heard(body: HeardBody) -> list[dict[str, Any]]:
        found = await desk.corrections.heard(body.texts)
        return [{"intent": one.intent, "confidence": one.confidence} for one in found]

    @router.post("/corrections/export")
    async def export(staff: Annotated[Staff, Depends(teacher)], body: ExportBody | None = None) -> dict[str, Any]:
        done = await desk.corrections.export(dry_run=bool(body and body.dry_run))
        await audit.record(staff, "corrections.export", added=len(done.added), refused=len(done.refused))
        return exported_json(done)

    @router.post("/teach")
    async def teach(body: TeachBody, staff: Annotated[Staff, Depends(teacher)]) -> dict[str, Any]:
        session, detail = await desk.teaching.say(body.session_id, body.text)
        if body.session_id is None:
            await audit.record(staff, "teach.begin", session)
        return {"session_id": session, "turn": turn_json(detail.turns[-1], detail)}

    return router


def learning_json(learning: Learning) -> dict[str, Any]:
    """How far corrections have come."""
    model = learning.model
    shown = model and {
        "version": model.version,
        "created": moment(model.created) if model.created else None,
        "examples": model.examples,
    }
    told = {"waiting": learning.waiting, "exported": learning.exported, "learnt": learning.learnt}
    return told | {"model": shown}


def exported_json(done: Exported) -> dict[str, Any]:
    """What became of the corrections."""
    return {
        "files": [{"path": done.path, "added": len(done.added)}] if done.path else [],
        "added": [{"text": one.text, "intent": one.intent} for one in done.added],
        "refused": [{"text": one.correction.text, "why": one.why} for one in done.refused],
        "yaml": done.yaml,
    }
