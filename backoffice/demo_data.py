"""The demo company, read from ``demo/*.yaml`` with its dates moved to today."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import yaml

from backoffice.model.customer import Address, Customer
from backoffice.model.ids import CustomerId
from backoffice.model.money import Money
from backoffice.model.order import (
    DeliveryMethod,
    Line,
    Order,
    OrderState,
    Packed,
    PaymentMethod,
    PromisedWindow,
    Refund,
    Return,
    ReturnState,
    Scan,
    ScanKind,
    Shipment,
)
from backoffice.model.product import Category, Product
from backoffice.model.subscription import Subscription, SubscriptionState
from backoffice.relative_dates import relative_day, relative_moment
from backoffice.working_days import WorkingDays

CURRENCY = "EUR"
_FOLDER = Path(__file__).parent / "demo"
_UNPAID = {OrderState.PAYMENT_PENDING}


@dataclass(frozen=True, slots=True)
class DemoOrder:
    """An order, with what there is to see in it for whoever tries the demo."""

    order: Order
    email: str
    shows: str
    group: str


@dataclass(frozen=True, slots=True)
class DemoData:
    """Everything the demo consists of."""

    products: tuple[Product, ...]
    customers: tuple[Customer, ...]
    orders: tuple[DemoOrder, ...]
    subscriptions: tuple[Subscription, ...] = ()


def load_demo(now: datetime, calendar: WorkingDays) -> DemoData:
    """The demo company as it stands at ``now``.

    Raises:
        ValueError: A file says something that cannot be; the message names the order.
    """
    products = tuple(_product(entry) for entry in _read("products.yaml"))
    customers = tuple(_customer(entry) for entry in _read("customers.yaml"))
    reader = _OrderReader(now, calendar, products, customers)
    orders = []
    for path in sorted(_FOLDER.glob("orders-*.yaml")):
        group = _read(path.name)
        orders += [reader.demo_order(entry, group["title"]) for entry in group["orders"]]
    ids = {customer.email: customer.id for customer in customers}
    today = calendar.day_of(now)
    plans = tuple(
        Subscription(
            number=entry["number"],
            customer_id=ids[entry["customer"]],
            name=entry["name"],
            sku=entry["sku"],
            quantity=entry["quantity"],
            interval_weeks=entry["weeks"],
            state=SubscriptionState.ACTIVE,
            next_shipment=relative_day(entry["ships"], today, calendar),
        )
        for entry in _read("subscriptions.yaml")
    )
    return DemoData(products, customers, tuple(orders), plans)


def _read(name: str) -> Any:
    fast = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # not in every build of PyYAML
    return yaml.load((_FOLDER / name).read_text(encoding="utf-8"), Loader=fast)  # noqa: S506 - both are safe


def _money(amount: float | str) -> Money:
    return Money(int(Decimal(str(amount)) * 100), CURRENCY)


def _product(entry: Mapping[str, Any]) -> Product:
    return Product(
        sku=entry["sku"],
        name=entry["name"],
        category=Category(entry["category"]),
        price=_money(entry["price"]),
        stock=entry["stock"],
        price_to=_money(entry["to"]) if "to" in entry else None,
        variants=tuple(entry.get("variants", ())),
    )


def _customer(entry: Mapping[str, Any]) -> Customer:
    return Customer(
        id=CustomerId(uuid5(NAMESPACE_URL, "demo customer " + entry["email"]).hex),
        name=entry["name"],
        email=entry["email"],
        phone=entry.get("phone"),
        locale=entry.get("locale", "en-IE"),
        plus_member=entry.get("plus", False),
        address=Address(name=entry["name"], **entry["address"]),
    )


class _OrderReader:
    """Reads orders; knows the day, the calendar, the products and the customers they refer to."""

    def __init__(
        self,
        now: datetime,
        calendar: WorkingDays,
        products: tuple[Product, ...],
        customers: tuple[Customer, ...],
    ) -> None:
        self._now = now
        self._calendar = calendar
        self._products = {product.sku: product for product in products}
        self._customers = {customer.email: customer for customer in customers}

    def demo_order(self, entry: Mapping[str, Any], group: str) -> DemoOrder:
        try:
            order = self._order(entry)
        except (KeyError, ValueError) as error:
            raise ValueError(f"demo order {entry.get('number')}: {error!r}") from error
        return DemoOrder(order, entry["customer"], entry["shows"], group)

    def _order(self, entry: Mapping[str, Any]) -> Order:
        customer = self._customers[entry["customer"]]
        state = OrderState(entry["state"])
        lines = tuple(self._line(number, line) for number, line in enumerate(entry["lines"], start=1))
        everything = {line.number: line.quantity for line in lines}
        payment = PaymentMethod(entry["payment"])
        paid = entry.get("paid", None if state in _UNPAID else entry["placed"])
        return Order(
            number=str(entry["number"]),
            customer_id=customer.id,
            state=state,
            placed_at=self._moment(entry["placed"]),
            method=DeliveryMethod(entry.get("method", "standard")),
            payment=payment,
            delivery_cost=_money(entry.get("delivery", 0)),
            address=customer.address,
            lines=lines,
            promised=self._promised(entry.get("promised")),
            paid_at=self._maybe(paid),
            packed_at=self._maybe(entry.get("packed")),
            cancelled_at=self._maybe(entry.get("cancelled")),
            investigation_since=self._maybe(entry.get("investigation")),
            shipments=tuple(self._shipment(parcel, everything) for parcel in entry.get("shipments", ())),
            returns=tuple(self._return(back, everything, payment) for back in entry.get("returns", ())),
            refunds=tuple(self._refund(refund, payment) for refund in entry.get("refunds", ())),
        )

    def _line(self, number: int, entry: Mapping[str, Any]) -> Line:
        product = self._products[entry["sku"]]
        return Line(
            number=number,
            sku=product.sku,
            name=product.name,
            quantity=entry.get("quantity", 1),
            unit_price=_money(entry["price"]) if "price" in entry else product.price,
            variant=entry.get("variant"),
            final_sale=entry.get("final_sale", False),
        )

    def _shipment(self, entry: Mapping[str, Any], everything: Mapping[int, int]) -> Shipment:
        return Shipment(
            carrier=entry["carrier"],
            tracking_number=entry["tracking"],
            shipped_at=self._moment(entry["shipped"]),
            contents=_contents(entry, everything),
            scans=tuple(
                Scan(ScanKind(scan["kind"]), self._moment(scan["at"]), scan.get("place")) for scan in entry["scans"]
            ),
        )

    def _return(self, entry: Mapping[str, Any], everything: Mapping[int, int], payment: PaymentMethod) -> Return:
        refund = entry.get("refund")
        return Return(
            state=ReturnState(entry["state"]),
            reason=entry["reason"],
            announced_at=self._moment(entry["announced"]),
            contents=_contents(entry, everything),
            received_at=self._maybe(entry.get("received")),
            refund=self._refund(refund, payment) if refund else None,
        )

    def _refund(self, entry: Mapping[str, Any], payment: PaymentMethod) -> Refund:
        amount = _money(entry["amount"])
        return Refund(amount, payment, self._moment(entry["created"]), self._maybe(entry.get("sent")))

    def _promised(self, days: list[str] | None) -> PromisedWindow | None:
        if not days:
            return None
        today = self._calendar.day_of(self._now)
        first, last = (relative_day(day, today, self._calendar) for day in days)
        return PromisedWindow(first, last)

    def _maybe(self, written: str | None) -> datetime | None:
        return self._moment(written) if written else None

    def _moment(self, written: str) -> datetime:
        return relative_moment(written, self._now, self._calendar)


def _contents(entry: Mapping[str, Any], everything: Mapping[int, int]) -> tuple[Packed, ...]:
    return tuple(Packed(line, quantity) for line, quantity in entry.get("contents", everything).items())
