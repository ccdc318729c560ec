"""A customer's data for an admin: ``/customer-data``, its ``/export`` and its ``/erase``."""

import hashlib
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from fastapi.responses import StreamingResponse

from desk.accounts.guard import Audit, Guard
from desk.accounts.model import Permission, Staff
from desk.accounts.schemas import EraseBody, HandOutBody
from desk.adapters.sql.customer_rows import Trace
from desk.gateway.wire import moment
from desk.retention.customer_data import CustomerData
from desk.retention.service import TICKETS_KEPT

Asked = Annotated[str, Query(min_length=1, max_length=320)]


def build_customer_routes(data: CustomerData, guard: Guard, audit: Audit) -> APIRouter:
    """Everything is written into the audit log before it happens."""
    router = APIRouter(prefix="/customer-data")
    admins = Depends(guard.demand(Permission.ADMIN))

    @router.get("")
    async def find(asked: Asked, staff: Staff = admins) -> dict[str, Any]:
        """Conversations that are surely or perhaps the customer's."""
        found = await data.find(asked.strip())
        await audit.record(staff, "customer.find", subject_of(asked.strip()), conversations=len(found))
        return {"items": [_trace_json(one) for one in found]}

    @router.post("/export")
    async def export(body: HandOutBody, staff: Staff = admins) -> StreamingResponse:
        """Everything the desk holds of the chosen ones, as a file."""
        found = [one.id for one in await data.chosen(body.asked, body.conversations)]
        await audit.record(staff, "customer.export", subject_of(body.asked), conversations=len(found))
        headers = {"content-disposition": 'attachment; filename="customer.json"'}
        return StreamingResponse(data.export(body.asked, found), media_type="application/json", headers=headers)

    @router.post("/erase")
    async def erase(body: EraseBody, staff: Staff = admins) -> dict[str, Any]:
        """For good; the receipt says what went and what stays."""
        await data.chosen(body.asked, body.conversations)
        await audit.record(staff, "customer.erase", subject_of(body.asked), reason=body.reason)
        done = await data.erase(body.asked, body.conversations)
        await audit.record(staff, "customer.erased", subject_of(body.asked), receipt=done.receipt)
        return {
            "receipt": done.receipt,
            "erased_at": moment(done.erased_at),
            **done.counts,
            "dialogue": "being erased",
            "tickets": TICKETS_KEPT,
        }

    return router


def subject_of(asked: str) -> str:
    """What the audit log, which is never rewritten, says of the customer: an address by its hash only."""
    if "@" not in asked:
        return asked[:128]
    return f"e-mail {hashlib.sha256(asked.lower().encode()).hexdigest()[:16]}"


def _trace_json(trace: Trace) -> dict[str, Any]:
    return {
        "id": trace.id,
        "how": trace.how,
        "channel": trace.channel,
        "began_at": moment(trace.began_at),
        "first_words": trace.first_words,
    }
