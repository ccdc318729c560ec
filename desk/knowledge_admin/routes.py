"""Routes below ``/console/api/knowledge``; all demand KNOWLEDGE."""

from datetime import UTC, datetime, time
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from starlette.requests import Request

from desk.accounts.guard import Audit, Guard
from desk.accounts.model import Permission, Staff
from desk.errors import Invalid
from desk.knowledge_admin.imports import Imports
from desk.knowledge_admin.model import Draft, EntryState
from desk.knowledge_admin.schemas import EntryBody, GapDoneBody, GapDraftBody, RestoreBody, TryBody, moment_of
from desk.knowledge_admin.service import DEFAULT_GAP_DAYS, KnowledgeDesk, Listed
from desk.knowledge_admin.wire import (
    difference,
    draft_json,
    draft_row_json,
    entry_json,
    gap_json,
    past_json,
    report_json,
    row_json,
    tried_json,
)


def build_knowledge_routes(desk: KnowledgeDesk, imports: Imports, guard: Guard, audit: Audit) -> APIRouter:
    """The editor. Ids of a manual's sections hold slashes and spaces, so what follows an id is matched first."""
    router = APIRouter(prefix="/knowledge", include_in_schema=False)
    editor = guard.demand(Permission.KNOWLEDGE)
    _add_lists(router, desk, guard.demand(Permission.KNOWLEDGE, Permission.REVIEW))  # reviewers name entries
    _add_looking(router, desk, editor)
    _add_gaps(router, desk, editor, audit)
    _add_imports(router, imports, editor, audit)
    _add_versions(router, desk, editor, audit)
    _add_entries(router, desk, editor, audit)
    return router


def _full(found: Listed) -> dict[str, Any]:
    return draft_json(found) if isinstance(found, Draft) else entry_json(found)


def _row(found: Listed) -> dict[str, Any]:
    return draft_row_json(found) if isinstance(found, Draft) else row_json(found)


def _add_lists(router: APIRouter, desk: KnowledgeDesk, editor: Any) -> None:
    @router.get("", dependencies=[Depends(editor)])
    async def listed(
        q: Annotated[str, Query(max_length=200)] = "",
        category: Annotated[str | None, Query(max_length=300)] = None,
        state: EntryState | None = None,
        cursor: Annotated[str, Query(pattern=r"^\d{1,7}$")] = "0",
        limit: Annotated[int, Query(ge=1, le=100)] = 50,
    ) -> dict[str, Any]:
        found = await desk.listed(words=q, category=category or None, state=state)
        first = int(cursor)
        shown = found[first : first + limit]
        following = str(first + limit) if first + limit < len(found) else None
        everything = await desk.listed(words="", category=None, state=None)
        categories = sorted({str(_row(one)["category"]) for one in everything} - {""})
        return {
            "items": [_row(one) for one in shown],
            "next": following,
            "total": len(found),
            "categories": categories,
        }


def _add_looking(router: APIRouter, desk: KnowledgeDesk, editor: Any) -> None:
    @router.post("/try", dependencies=[Depends(editor)])
    async def try_question(body: TryBody) -> dict[str, Any]:
        hits = await desk.tried(body.question, audience=body.audience, locale=body.locale)
        bands = {"answer_at": desk.bands.answer_at, "suggest_at": desk.bands.suggest_at}
        return {"hits": [tried_json(hit) for hit in hits], **bands}


def _add_gaps(router: APIRouter, desk: KnowledgeDesk, editor: Any, audit: Audit) -> None:
    @router.get("/gaps", dependencies=[Depends(editor)])
    async def gaps(
        since: Annotated[str | None, Query(alias="from", max_length=40)] = None,
        until: Annotated[str | None, Query(alias="to", max_length=40)] = None,
    ) -> list[dict[str, Any]]:
        last = _moment(until, end=True) or desk.now()
        first = _moment(since, end=False) or last - DEFAULT_GAP_DAYS
        return [gap_json(gap) for gap in await desk.gaps(first, last)]

    @router.post("/gaps/draft", status_code=201)
    async def draft(body: GapDraftBody, staff: Annotated[Staff, Depends(editor)]) -> dict[str, Any]:
        made = await desk.draft_for(staff, body.question, body.conversation_id)
        await audit.record(staff, "knowledge.draft", made.id)
        return draft_json(made)

    @router.post("/gaps/done", status_code=204)
    async def done(body: GapDoneBody, staff: Annotated[Staff, Depends(editor)]) -> None:
        await desk.call_done(staff, body.questions, done=body.done)
        await audit.record(staff, "knowledge.gap_done" if body.done else "knowledge.gap_open")


def _add_imports(router: APIRouter, imports: Imports, editor: Any, audit: Audit) -> None:
    @router.post("/import")
    async def take_in(
        request: Request, staff: Annotated[Staff, Depends(editor)], *, dry_run: bool = False
    ) -> dict[str, Any]:
        async with request.form(max_files=imports.most_files, max_fields=10) as form:
            uploads = [one for name in ("file", "files") for one in form.getlist(name)]
            if not uploads or any(isinstance(one, str) for one in uploads):
                raise Invalid('Send the files as multipart/form-data under the name "file".')
            files = [(one.filename or "", await one.read()) for one in uploads if not isinstance(one, str)]
        report = await imports.take_in(files, by=staff.name, dry_run=dry_run)
        if not dry_run:
            await audit.record(staff, "knowledge.import", changes=report.changes, refused=len(report.refused))
        return report_json(report, [name for name, _ in files])


def _add_versions(router: APIRouter, desk: KnowledgeDesk, editor: Any, audit: Audit) -> None:
    @router.get("/{entry_id:path}/versions", dependencies=[Depends(editor)])
    async def versions(entry_id: str) -> list[dict[str, Any]]:
        return [past_json(past) for past in await desk.versions(entry_id)]

    @router.get("/{entry_id:path}/diff", dependencies=[Depends(editor)])
    async def diff(
        entry_id: str, older: Annotated[int, Query(alias="from")], newer: Annotated[int, Query(alias="to")]
    ) -> dict[str, Any]:
        first, second = await desk.two_versions(entry_id, older, newer)
        return {"lines": difference(first.entry, second.entry)}

    @router.post("/{entry_id:path}/restore")
    async def restore(entry_id: str, body: RestoreBody, staff: Annotated[Staff, Depends(editor)]) -> dict[str, Any]:
        restored = await desk.restore(staff, entry_id, body.version)
        await audit.record(staff, "knowledge.restore", entry_id, version=body.version)
        return entry_json(restored)


def _add_entries(router: APIRouter, desk: KnowledgeDesk, editor: Any, audit: Audit) -> None:
    @router.post("", status_code=201)
    async def create(body: EntryBody, staff: Annotated[Staff, Depends(editor)]) -> dict[str, Any]:
        draft = body.state == "draft"
        made = await desk.create(
            staff,
            body.id,
            body.fields(all_of_them=True),
            draft=draft,
            why=body.why,
            allow=body.allow_personal_data,
        )
        full = _full(made)
        await audit.record(staff, "knowledge.draft" if draft else "knowledge.save", full["id"], version=full["version"])
        return full

    @router.get("/{entry_id:path}", dependencies=[Depends(editor)])
    async def read(entry_id: str) -> dict[str, Any]:
        return _full(await desk.get(entry_id))

    @router.put("/{entry_id:path}")
    async def save(entry_id: str, body: EntryBody, staff: Annotated[Staff, Depends(editor)]) -> dict[str, Any]:
        live = body.state == "live" if "state" in body.model_fields_set else None
        saved = await desk.change(
            staff,
            entry_id,
            body.fields(all_of_them=False),
            version=body.version,
            live=live,
            why=body.why,
            allow=body.allow_personal_data,
        )
        full = _full(saved)
        await audit.record(staff, "knowledge.save", entry_id, version=full["version"])
        return full

    @router.delete("/{entry_id:path}", status_code=204)
    async def remove(entry_id: str, staff: Annotated[Staff, Depends(editor)], version: int | None = None) -> None:
        await desk.remove(staff, entry_id, version=version)
        await audit.record(staff, "knowledge.retire", entry_id)


def _moment(text: str | None, *, end: bool) -> datetime | None:
    """A moment, or a day's beginning or end in UTC."""
    found = moment_of(text)
    if found is None or isinstance(found, datetime):
        return found
    return datetime.combine(found, time.max if end else time.min, UTC)
