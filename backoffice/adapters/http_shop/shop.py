"""``Shop`` and ``OrderBook`` over HTTP."""

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from typing import Any, TypeVar, cast
from urllib.parse import quote

import httpx

from backoffice.adapters.http_call import HttpCall, NeighbourUnavailable
from backoffice.adapters.http_shop.wire import NAMES, ChangeRequest, RefusedBody, key_of, read, written
from backoffice.errors import BackofficeUnavailable
from backoffice.model.act import Act, Done, Reason, Refusal
from backoffice.model.customer import Customer
from backoffice.model.ids import CustomerId
from backoffice.model.order import Order
from backoffice.model.order_change import OrderPlan

P = TypeVar("P", bound=OrderPlan)
NAME = "the shop"
ROUNDS = 5
"""Looks at an order that others change at the same time."""

_THERE_OR_NOT = frozenset({HTTPStatus.OK, HTTPStatus.NOT_FOUND})
_CHANGED_OR_NOT = frozenset({HTTPStatus.OK, HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT, HTTPStatus.PRECONDITION_FAILED})


def shop_client(*, base_url: str, token: str, timeout_seconds: float) -> httpx.Client:
    return httpx.Client(
        base_url=base_url,
        headers={"Authorization": f"Bearer {token}", "Accept": "application/json"},
        timeout=timeout_seconds,
        follow_redirects=False,
    )


class HttpShop:
    """``Shop`` over HTTP. The e-mail address goes in a body, so that no access log of the shop keeps it."""

    def __init__(self, call: HttpCall) -> None:
        self._call = call

    def owner_of(self, order_number: str) -> Customer | None:
        return self._customer("GET", f"/orders/{quote(order_number, safe='')}/owner")

    def customer(self, customer_id: CustomerId) -> Customer | None:
        return self._customer("GET", f"/customers/{quote(customer_id, safe='')}")

    def customer_by_email(self, key: str) -> Customer | None:
        return self._customer("POST", "/customers/by-email", json={"email": key})

    def order(self, customer_id: CustomerId, order_number: str) -> Order | None:
        found = self._call("GET", _path(customer_id, order_number), expect=_THERE_OR_NOT)
        return None if found.status_code == HTTPStatus.NOT_FOUND else own_order(found, customer_id, order_number)

    def orders(self, customer_id: CustomerId) -> tuple[Order, ...]:
        orders = value(tuple[Order, ...], self._call("GET", f"/customers/{quote(customer_id, safe='')}/orders"))
        if any(order.customer_id != customer_id for order in orders):
            raise NeighbourUnavailable(f"{NAME} told an order of somebody else")
        return tuple(sorted(orders, key=lambda order: (order.placed_at, order.number), reverse=True))

    def check(self) -> None:
        """Make sure that the shop answers and takes the token.

        Raises:
            BackofficeUnavailable: It does not.
        """
        self._call("GET", "/orders/0/owner", expect=_THERE_OR_NOT)

    def _customer(self, method: str, path: str, *, json: Any = None) -> Customer | None:
        found = self._call(method, path, expect=_THERE_OR_NOT, json=json)
        return None if found.status_code == HTTPStatus.NOT_FOUND else cast("Customer", value(Customer, found))


class HttpOrderBook:
    """``OrderBook`` over HTTP: looked at with its version, decided here, sent back with the version and the key.

    The shop does it only if the order is still that version (``If-Match``) and remembers what came of the key,
    so the same request may be sent again after an answer that was lost.
    """

    def __init__(self, call: HttpCall) -> None:
        self._call = call

    def change(  # noqa: PLR0917 - each is needed and none is optional
        self,
        act: Act,
        customer_id: CustomerId,
        order_number: str,
        kind: type[P],
        decide: Callable[[Order], P | Refusal],
        at: datetime,  # noqa: ARG002 - the shop's own clock says when it was done
    ) -> Done[P] | Refusal:
        key = key_of(act, kind)
        if (earlier := self._earlier(key, kind)) is not None:
            return earlier
        for _ in range(ROUNDS):
            found = self._call("GET", _path(customer_id, order_number), expect=_THERE_OR_NOT)
            if found.status_code == HTTPStatus.NOT_FOUND:
                return Refusal(Reason.NOT_FOUND)
            plan = decide(own_order(found, customer_id, order_number))
            if isinstance(plan, Refusal):
                return self._earlier(key, kind) or plan  # the same key may have done it a moment ago
            request = ChangeRequest(NAMES[kind], written(kind, plan), act.conversation_id, act.message_id)
            headers = {"Idempotency-Key": key, "If-Match": _version(found)}
            sent = self._send(_path(customer_id, order_number), request, headers)
            if sent.status_code != HTTPStatus.PRECONDITION_FAILED:
                return _outcome(sent, kind)
        raise BackofficeUnavailable(f"{NAME} changed the order every time it was looked at")

    def _earlier(self, key: str, kind: type[P]) -> Done[P] | None:
        found = self._call("GET", f"/changes/{key}", expect=_THERE_OR_NOT)
        return None if found.status_code == HTTPStatus.NOT_FOUND else cast("Done[P]", value(_done(kind), found))

    def _send(self, path: str, request: ChangeRequest, headers: dict[str, str]) -> httpx.Response:
        body = written(ChangeRequest, request)
        return self._call("POST", f"{path}/changes", expect=_CHANGED_OR_NOT, json=body, headers=headers)


def value(kind: Any, response: httpx.Response) -> Any:
    """The value in an answer.

    Raises:
        NeighbourUnavailable: It is none of this kind.
    """
    try:
        return read(kind, response.content)
    except ValueError:
        raise NeighbourUnavailable(f"{NAME} answered in another form") from None  # the cause would show the values


def own_order(response: httpx.Response, customer_id: CustomerId, order_number: str) -> Order:
    """The order, if it is the one that was asked for: a shop that mixes them up must not show it to this customer."""
    order = cast("Order", value(Order, response))
    if (order.customer_id, order.number) != (customer_id, order_number):
        raise NeighbourUnavailable(f"{NAME} told another order than was asked for")
    return order


def _outcome(sent: httpx.Response, kind: type[P]) -> Done[P] | Refusal:
    if sent.status_code == HTTPStatus.NOT_FOUND:
        return Refusal(Reason.NOT_FOUND)
    if sent.status_code == HTTPStatus.CONFLICT:
        return Refusal(cast("RefusedBody", value(RefusedBody, sent)).reason)
    return cast("Done[P]", value(_done(kind), sent))


def _done(kind: type[P]) -> Any:
    return Done[kind]  # type: ignore[valid-type]


def _version(found: httpx.Response) -> str:
    version = found.headers.get("ETag")
    if not version:
        raise NeighbourUnavailable(f"{NAME} told no version of the order (ETag)")
    return cast("str", version)


def _path(customer_id: CustomerId, order_number: str) -> str:
    return f"/customers/{quote(customer_id, safe='')}/orders/{quote(order_number, safe='')}"
