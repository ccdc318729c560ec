"""Routes below ``/console/api``: the dashboard. All demand NUMBERS."""

from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response

from desk.accounts.guard import Audit, Guard
from desk.accounts.model import Permission, Staff
from desk.analytics.period import Scope
from desk.analytics.schemas import Between, DashboardQuery, ListQuery, SavingsBody
from desk.analytics.service import Numbers
from desk.analytics.wire import behind_json, dashboard_csv, dashboard_json, savings_json


def build_number_routes(numbers: Numbers, guard: Guard, audit: Audit) -> APIRouter:
    """The dashboard, what is behind each figure, the savings and the file."""
    router = APIRouter(include_in_schema=False)
    viewer = guard.demand(Permission.NUMBERS)
    _add_dashboard(router, numbers, viewer, audit)
    _add_savings(router, numbers, viewer, audit)
    return router


def _scope(numbers: Numbers, query: Between) -> Scope:
    return Scope(numbers.period(query.first, query.last), query.channel or None, query.model or None)


def _add_dashboard(router: APIRouter, numbers: Numbers, viewer: Any, audit: Audit) -> None:
    @router.get("/numbers", dependencies=[Depends(viewer)])
    async def dashboard(query: Annotated[DashboardQuery, Query()]) -> dict[str, Any]:
        return dashboard_json(await numbers.dashboard(_scope(numbers, query), compared=bool(query.compare)))

    @router.get("/numbers.csv")
    async def file(query: Annotated[Between, Query()], staff: Annotated[Staff, Depends(viewer)]) -> Response:
        chosen = _scope(numbers, query)
        board = await numbers.dashboard(chosen, compared=False)
        name = f"frontdesk-{chosen.period.first}-{chosen.period.last}.csv"
        await audit.record(staff, "numbers.export", name)
        headers = {"content-disposition": f'attachment; filename="{name}"'}
        return Response(dashboard_csv(board), media_type="text/csv; charset=utf-8", headers=headers)

    @router.get("/numbers/{figure_id}/conversations", dependencies=[Depends(viewer)])
    async def behind(figure_id: str, query: Annotated[ListQuery, Query()]) -> dict[str, Any]:
        first = int(query.cursor)
        found = await numbers.behind(_scope(numbers, query), figure_id, offset=first, limit=query.limit + 1)
        following = str(first + query.limit) if len(found) > query.limit else None
        return {"items": [behind_json(one) for one in found[: query.limit]], "next": following}


def _add_savings(router: APIRouter, numbers: Numbers, viewer: Any, audit: Audit) -> None:
    async def told(query: Between) -> dict[str, Any]:
        savings, saved = await numbers.saved(_scope(numbers, query))
        return savings_json(savings, saved)

    @router.get("/numbers/savings", dependencies=[Depends(viewer)])
    async def savings(query: Annotated[Between, Query()]) -> dict[str, Any]:
        return await told(query)

    @router.put("/numbers/savings")
    async def save(
        body: SavingsBody, query: Annotated[Between, Query()], staff: Annotated[Staff, Depends(viewer)]
    ) -> dict[str, Any]:
        kept = await numbers.store.savings()
        changed = replace(kept, formula=body.formula or kept.formula, currency=body.currency or kept.currency)
        await numbers.store.save_savings(changed.with_parameters(body.numbers()).checked())
        await audit.record(staff, "numbers.savings")
        return await told(query)
