"""The demo company's people as the simulator knows them: who they are, what they ordered, what they hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Item:
    """One line of an order."""

    name: str
    quantity: int
    price_minor: int

    @property
    def short(self) -> str:
        """What a customer calls it: ``kettle`` for ``Tarn kettle``."""
        words = [word for word in self.name.split() if not word[0].isdigit() and word != "kg"]
        return " ".join(words[1:]) or self.name


@dataclass(frozen=True, slots=True)
class Order:
    """An order as the data base has it."""

    number: str
    state: str
    paid_minor: int
    items: tuple[Item, ...]
    tracking: tuple[str, ...]
    street: str


@dataclass(frozen=True, slots=True)
class Person:
    """A customer of the demo company."""

    id: str
    name: str
    email: str
    phone: str | None
    street: str
    postal_code: str
    city: str
    country: str
    orders: tuple[Order, ...]
    subscriptions: tuple[str, ...]

    @property
    def secrets(self) -> Iterator[tuple[str, str]]:
        """(kind, text) of everything that nobody else may read."""
        yield "name", self.name
        yield "e-mail", self.email
        yield "street", self.street
        yield "postal code", self.postal_code
        if self.phone:
            yield "phone", self.phone
        for number in self.subscriptions:
            yield "subscription", number
        for order in self.orders:
            yield "order number", order.number
            yield "street", order.street
            for tracking in order.tracking:
                yield "tracking number", tracking

    def order(self, number: str) -> Order | None:
        """This person's order of that number."""
        return next((order for order in self.orders if order.number == number), None)


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody."""

    people: tuple[Person, ...]

    def owner(self, number: str) -> Person | None:
        """Whose order or subscription that is."""
        return next((one for one in self.people if number in one.subscriptions or one.order(number)), None)
