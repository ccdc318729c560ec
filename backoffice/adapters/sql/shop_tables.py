"""Tables of the shop: products, customers, orders and what belongs to an order."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backoffice.adapters.sql.base import Base, UtcDateTime, choice, json_column
from backoffice.model.order import DeliveryMethod, OrderState, PaymentMethod, ReturnState, ScanKind
from backoffice.model.order_change import ClaimKind, Wish
from backoffice.model.product import Category


class ProductRow(Base):
    __tablename__ = "products"
    __table_args__ = (CheckConstraint("price_minor >= 0", "price"), CheckConstraint("stock >= 0", "stock"))

    sku: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    category: Mapped[Category] = mapped_column(choice(Category))
    price_minor: Mapped[int]
    price_to_minor: Mapped[int | None]
    currency: Mapped[str]
    stock: Mapped[int]
    variants: Mapped[list[str]] = mapped_column(json_column())
    is_demo: Mapped[bool]


class AddressRow(Base):
    """Never changed: a new address is a new row, so that an order keeps the one it was sent to."""

    __tablename__ = "addresses"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    street: Mapped[str]
    postal_code: Mapped[str | None]
    city: Mapped[str]
    country: Mapped[str]
    is_demo: Mapped[bool]


class CustomerRow(Base):
    __tablename__ = "customers"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    email: Mapped[str]
    email_key: Mapped[str] = mapped_column(unique=True)
    phone: Mapped[str | None]
    locale: Mapped[str]
    plus_member: Mapped[bool]
    address_id: Mapped[str] = mapped_column(ForeignKey("addresses.id"))
    is_demo: Mapped[bool]

    address: Mapped[AddressRow] = relationship(lazy="raise")


class OrderRow(Base):
    """``refunded_minor`` counts every refund as it is written: the data base refuses one that is too much."""

    __tablename__ = "orders"
    __table_args__ = (CheckConstraint("refunded_minor >= 0 AND refunded_minor <= paid_minor", "refunded"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"), index=True)
    address_id: Mapped[str] = mapped_column(ForeignKey("addresses.id"))
    state: Mapped[OrderState] = mapped_column(choice(OrderState))
    method: Mapped[DeliveryMethod] = mapped_column(choice(DeliveryMethod))
    payment: Mapped[PaymentMethod] = mapped_column(choice(PaymentMethod))
    currency: Mapped[str]
    delivery_cost_minor: Mapped[int]
    paid_minor: Mapped[int]
    refunded_minor: Mapped[int]
    promised_first: Mapped[date | None]
    promised_last: Mapped[date | None]
    placed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    paid_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    packed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    cancelled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    investigation_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    is_demo: Mapped[bool]

    address: Mapped[AddressRow] = relationship(lazy="raise")
    lines: Mapped[list["LineRow"]] = relationship(lazy="raise", order_by="LineRow.number", cascade="all, delete-orphan")
    shipments: Mapped[list["ShipmentRow"]] = relationship(
        lazy="raise", order_by="ShipmentRow.shipped_at", cascade="all, delete-orphan"
    )
    returns: Mapped[list["ReturnRow"]] = relationship(
        lazy="raise", order_by="ReturnRow.announced_at", cascade="all, delete-orphan"
    )
    refunds: Mapped[list["RefundRow"]] = relationship(
        lazy="raise", order_by="RefundRow.created_at", cascade="all, delete-orphan"
    )
    claims: Mapped[list["ClaimRow"]] = relationship(lazy="raise", order_by="ClaimRow.opened_at", viewonly=True)


class LineRow(Base):
    __tablename__ = "order_lines"
    __table_args__ = (CheckConstraint("quantity > 0", "quantity"), UniqueConstraint("order_id", "number"))

    id: Mapped[str] = mapped_column(primary_key=True)
    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"))
    number: Mapped[int]
    sku: Mapped[str] = mapped_column(ForeignKey("products.sku"))
    name: Mapped[str]
    variant: Mapped[str | None]
    quantity: Mapped[int]
    unit_price_minor: Mapped[int]
    final_sale: Mapped[bool]


class ShipmentRow(Base):
    """``contents`` is a list of [line number, quantity]."""

    __tablename__ = "shipments"

    id: Mapped[str] = mapped_column(primary_key=True)
    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"), index=True)
    carrier: Mapped[str]
    tracking_number: Mapped[str] = mapped_column(unique=True)
    shipped_at: Mapped[datetime] = mapped_column(UtcDateTime)
    contents: Mapped[list[list[int]]] = mapped_column(json_column())

    scans: Mapped[list["ScanRow"]] = relationship(lazy="raise", order_by="ScanRow.at", cascade="all, delete-orphan")


class ScanRow(Base):
    __tablename__ = "scans"

    id: Mapped[str] = mapped_column(primary_key=True)
    shipment_id: Mapped[str] = mapped_column(ForeignKey("shipments.id", ondelete="CASCADE"), index=True)
    kind: Mapped[ScanKind] = mapped_column(choice(ScanKind))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    place: Mapped[str | None]


class ReturnRow(Base):
    """``contents`` is a list of [line number, quantity]."""

    __tablename__ = "returns"

    id: Mapped[str] = mapped_column(primary_key=True)
    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"), index=True)
    state: Mapped[ReturnState] = mapped_column(choice(ReturnState))
    number: Mapped[str | None] = mapped_column(index=True, unique=True)
    reason: Mapped[str]
    expected_minor: Mapped[int | None]
    announced_at: Mapped[datetime] = mapped_column(UtcDateTime)
    received_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    contents: Mapped[list[list[int]]] = mapped_column(json_column())


class RefundRow(Base):
    """``return_id`` is empty for the refund of a cancelled order or a lost parcel."""

    __tablename__ = "refunds"
    __table_args__ = (CheckConstraint("amount_minor > 0", "amount"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"), index=True)
    return_id: Mapped[str | None] = mapped_column(ForeignKey("returns.id", ondelete="CASCADE"))
    amount_minor: Mapped[int]
    currency: Mapped[str]
    method: Mapped[PaymentMethod] = mapped_column(choice(PaymentMethod))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    returned: Mapped[ReturnRow | None] = relationship(lazy="raise")


class ClaimRow(Base):
    """Something was wrong with a delivery; a person decides. ``contents`` is a list of [line number, quantity]."""

    __tablename__ = "claims"

    number: Mapped[str] = mapped_column(primary_key=True)
    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"), index=True)
    kind: Mapped[ClaimKind] = mapped_column(choice(ClaimKind))
    wish: Mapped[Wish | None] = mapped_column(choice(Wish))
    contents: Mapped[list[list[int]]] = mapped_column(json_column())
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
