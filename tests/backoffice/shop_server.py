"""The reference shop: what docs/shop-api.openapi.json says, over the SQL adapters."""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from secrets import compare_digest
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Header, HTTPException, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from sqlalchemy import select

from backoffice.adapters.http_shop.wire import KINDS, ChangeRequest, RefusedBody, read, written
from backoffice.adapters.sql.command_tables import CommandRow
from backoffice.adapters.sql.database import Database
from backoffice.adapters.sql.order_book import SqlOrderBook
from backoffice.adapters.sql.shop import SqlShop
from backoffice.model.act import Act, Done, Reason, Refusal
from backoffice.model.customer import Customer
from backoffice.model.ids import CustomerId
from backoffice.model.order import Order
from backoffice.model.order_change import OrderPlan

CUSTOMER, ORDER, CHANGE = ["customers"], ["orders"], ["changes"]


class ByEmail(BaseModel):
    """Whose address it is: trimmed, the domain in lower case and punycode."""

    email: str = Field(max_length=320)


class DoneBody(BaseModel):
    """A change that was made: the plan as it was sent, when, and the number the customer gets, if there is one."""

    plan: dict[str, Any]
    at: datetime
    reference: str | None = None


class ReferenceShop:
    """Routes over the SQL adapters; ``version`` of an order is a digest of what is told of it."""

    def __init__(self, database: Database, *, token: str, now: Callable[[], datetime]) -> None:
        self._database, self._token, self._now = database, token, now
        self._shop, self._book = SqlShop(database), SqlOrderBook(database)

    def app(self) -> FastAPI:
        """The shop as an ASGI app."""
        app = FastAPI(
            title="A shop behind Frontdesk",
            version="1",
            description="What a shop serves to Frontdesk's back office. See docs/back-office.md.",
            dependencies=[Depends(self._let_in)],
        )
        missing: Any = {404: {"description": "There is none, or it is not this customer's"}}
        get, post = app.get, app.post
        get("/customers/{customer_id}", tags=CUSTOMER, responses=missing)(self.customer)
        post("/customers/by-email", tags=CUSTOMER, responses=missing)(self.customer_by_email)
        get("/orders/{number}/owner", tags=CUSTOMER, responses=missing)(self.owner)
        get("/customers/{customer_id}/orders", tags=ORDER)(self.orders)
        get("/customers/{customer_id}/orders/{number}", tags=ORDER, responses=missing)(self.order)
        get("/changes/{key}", tags=CHANGE, responses=missing, response_model=DoneBody)(self.earlier)
        refused: Any = {
            409: {"model": RefusedBody, "description": "Not done, for a reason that can be told"},
            412: {"description": "The order is no longer the version in If-Match: look again"},
        }
        post(
            "/customers/{customer_id}/orders/{number}/changes",
            tags=CHANGE,
            responses=missing | refused,
            response_model=DoneBody,
        )(self.change)
        return app

    def customer(self, customer_id: str) -> Customer:
        """One customer."""
        return _there(self._shop.customer(CustomerId(customer_id)))

    def customer_by_email(self, wanted: ByEmail) -> Customer:
        """Whose address it is. As quick for an address nobody has."""
        return _there(self._shop.customer_by_email(wanted.email))

    def owner(self, number: str) -> Customer:
        """Who placed the order. As quick for a number that does not exist."""
        return _there(self._shop.owner_of(number))

    def orders(self, customer_id: str) -> list[Order]:
        """All orders of the customer, newest first."""
        return list(self._shop.orders(CustomerId(customer_id)))

    def order(self, customer_id: str, number: str, response: Response) -> Order:
        """The order, if it is this customer's; its version in the ETag header."""
        order: Order = _there(self._shop.order(CustomerId(customer_id), number))
        response.headers["ETag"] = version(order)
        return order

    def earlier(self, key: str) -> Response:
        """What was done under this Idempotency-Key."""
        with self._database.reading() as session:
            row = session.scalars(select(CommandRow).where(CommandRow.key == key)).one_or_none()
        return JSONResponse(_there(row).result)

    def change(
        self,
        customer_id: str,
        number: str,
        wanted: ChangeRequest,
        idempotency_key: Annotated[str, Header()],
        if_match: Annotated[str, Header()],
    ) -> Response:
        """Do it, completely or not at all, if the order is still that version; once a key."""
        kind = KINDS[wanted.kind]
        plan = read(kind, json.dumps(wanted.plan).encode())
        is_newer = False

        def decide(order: Order) -> Any:
            nonlocal is_newer
            is_newer = version(order) != if_match
            return Refusal(Reason.CHANGED) if is_newer else plan

        act = Act(wanted.conversation_id, wanted.message_id, idempotency_key)
        done: Done[OrderPlan] | Refusal = self._book.change(
            act, CustomerId(customer_id), number, kind, decide, self._now()
        )
        if isinstance(done, Done):
            return JSONResponse(written(Done[kind], done))  # type: ignore[valid-type]
        if is_newer:
            raise HTTPException(HTTPStatus.PRECONDITION_FAILED)
        if done.reason is Reason.NOT_FOUND:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        return JSONResponse(written(RefusedBody, RefusedBody(done.reason)), HTTPStatus.CONFLICT)

    def _let_in(self, authorization: Annotated[str, Header()] = "") -> None:
        if not compare_digest(authorization.encode(), f"Bearer {self._token}".encode()):
            raise HTTPException(HTTPStatus.UNAUTHORIZED)


def version(order: Order) -> str:
    told = json.dumps(written(Order, order), sort_keys=True)
    return f'"{hashlib.sha256(told.encode()).hexdigest()[:32]}"'


def _there(found: Any) -> Any:
    if found is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return found
