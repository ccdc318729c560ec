"""Routes below ``/console/api/reviews``: reading takes REVIEW, saying what was meant takes TEACH."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from desk.accounts.guard import Audit, Guard
from desk.accounts.model import Permission, Staff
from desk.adapters.sql.review_lists import MOST_COUNTED
from desk.errors import Invalid
from desk.gateway.wire import moment
from desk.reviews.schemas import (
    Between,
    ChangeBody,
    CommentBody,
    JudgementBody,
    ListQuery,
    SaveFilterBody,
)
from desk.reviews.service import Judgement, ReviewDesk
from desk.reviews.wire import detail_json, row_json, turn_json

_JUDGED = ("intent", "entities", "answer_rating", "should_have_been")


def build_review_routes(desk: ReviewDesk, guard: Guard, audit: Audit) -> APIRouter:
    """Everything about transcripts; what teaches the bot is in ``teaching_routes.py``."""
    router = APIRouter(prefix="/reviews", include_in_schema=False)
    _add_lists(router, desk, guard)
    _add_filters(router, desk, guard)
    _add_conversation(router, desk, guard, audit)
    return router


def _add_lists(router: APIRouter, desk: ReviewDesk, guard: Guard) -> None:
    reviewer = Depends(guard.demand(Permission.REVIEW))

    @router.get("", dependencies=[reviewer])
    async def listed(query: Annotated[ListQuery, Query()]) -> dict[str, Any]:
        rows, following, total = await desk.listed(
            query.filter(), sort=query.sort, cursor=query.cursor, limit=query.limit
        )
        capped = f"{MOST_COUNTED}+" if total > MOST_COUNTED else total
        return {"items": [row_json(row) for row in rows], "next": following, "total": capped}

    @router.get("/facets", dependencies=[reviewer])
    async def facets() -> dict[str, list[str]]:
        return await desk.facets()

    @router.get("/next", dependencies=[reviewer], response_model=None)
    async def following(after: Annotated[str | None, Query(max_length=255)] = None) -> dict[str, Any] | Response:
        row = await desk.next(after)
        return Response(status_code=204) if row is None else row_json(row)

    @router.get("/confusion", dependencies=[reviewer])
    async def confusion(query: Annotated[Between, Query()]) -> list[dict[str, Any]]:
        return await desk.confusion(query.since, query.until)


def _add_filters(router: APIRouter, desk: ReviewDesk, guard: Guard) -> None:
    reviewer = guard.demand(Permission.REVIEW)

    @router.get("/filters")
    async def filters(staff: Annotated[Staff, Depends(reviewer)]) -> list[dict[str, Any]]:
        return await desk.filters(staff)

    @router.post("/filters", status_code=201)
    async def save(body: SaveFilterBody, staff: Annotated[Staff, Depends(reviewer)]) -> dict[str, Any]:
        query = body.query.model_dump(mode="json", by_alias=True, exclude_none=True)
        return await desk.save_filter(staff, body.name, query, shared=body.shared)

    @router.delete("/filters/{filter_id}", status_code=204)
    async def remove(filter_id: str, staff: Annotated[Staff, Depends(reviewer)]) -> None:
        await desk.remove_filter(staff, filter_id)


def _add_conversation(router: APIRouter, desk: ReviewDesk, guard: Guard, audit: Audit) -> None:
    reviewer, teacher = guard.demand(Permission.REVIEW), guard.demand(Permission.TEACH)

    @router.get("/{conversation_id:path}/scenario")
    async def scenario(conversation_id: str, staff: Annotated[Staff, Depends(reviewer)]) -> dict[str, str]:
        text = await desk.scenario(conversation_id)
        await audit.record(staff, "review.scenario", conversation_id)
        return {"yaml": text}

    @router.put("/{conversation_id:path}/turns/{index}")
    async def judge(
        conversation_id: str,
        index: Annotated[int, Path(ge=0)],
        body: JudgementBody,
        request: Request,
        staff: Annotated[Staff, Depends(reviewer)],
    ) -> dict[str, Any]:
        judgement = _judgement(body)
        if judgement.corrects:
            await teacher(request)
            await _demand_known(desk, judgement.given)
        detail = await desk.judge(conversation_id, index, judgement, staff)
        await audit.record(staff, "review.correct" if judgement.corrects else "review.judge", conversation_id)
        return turn_json(next(turn for turn in detail.turns if turn.position == index), detail)

    @router.post("/{conversation_id:path}/comments", status_code=201)
    async def comment(
        conversation_id: str, body: CommentBody, staff: Annotated[Staff, Depends(reviewer)]
    ) -> dict[str, Any]:
        kept = await desk.comment(conversation_id, body.index, body.text, staff)
        await audit.record(staff, "review.comment", conversation_id)
        return {"id": kept["id"], "by": kept["name"], "text": kept["text"], "at": moment(kept["at"])}

    # After the longer ones: a sender of REST may have a slash in its name.
    @router.get("/{conversation_id:path}")
    async def read(conversation_id: str, staff: Annotated[Staff, Depends(reviewer)]) -> dict[str, Any]:
        detail = await desk.detail(conversation_id)
        await audit.record(staff, "review.read", conversation_id)
        return detail_json(detail)

    @router.put("/{conversation_id:path}")
    async def change(
        conversation_id: str, body: ChangeBody, staff: Annotated[Staff, Depends(reviewer)]
    ) -> dict[str, Any]:
        row = await desk.change(conversation_id, state=body.state, tags=body.tags, flagged=body.flagged)
        await audit.record(staff, "review.change", conversation_id, state=body.state)
        return row_json(row)


def _judgement(body: JudgementBody) -> Judgement:
    written = body.model_dump(include={name for name in _JUDGED if name in body.model_fields_set})
    return Judgement(written, body.mark)


async def _demand_known(desk: ReviewDesk, given: Mapping[str, Any]) -> None:
    """Only names that the domain has can be trained."""
    intent, entities = given.get("intent"), given.get("entities") or ()
    if intent is not None and intent not in {one.name for one in await desk.corrections.intents()}:
        raise Invalid(f"There is no intent {intent!r}.")
    known = set(await desk.corrections.entities()) if entities else set()
    if unknown := next((one["entity"] for one in entities if one["entity"] not in known), None):
        raise Invalid(f"There is no entity {unknown!r}.")
