"""Customers and addresses."""

from dataclasses import dataclass, field

from backoffice.model.ids import CustomerId


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address; ``country`` is an ISO 3166-1 alpha-2 code."""

    name: str = field(repr=False)
    street: str = field(repr=False)
    city: str = field(repr=False)
    country: str
    postal_code: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Customer:
    """Somebody with an account or a guest order. ``phone`` is E.164, ``locale`` BCP 47.

    Personal fields stay out of ``repr`` so that no log or trace shows them by accident.
    """

    id: CustomerId
    name: str = field(repr=False)
    email: str = field(repr=False)
    phone: str | None = field(repr=False)
    locale: str
    plus_member: bool
    address: Address
