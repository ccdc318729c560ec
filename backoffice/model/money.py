"""Amounts of money."""

from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in integer minor units (cents) of an ISO 4217 currency."""

    minor: int
    currency: str

    def __add__(self, other: Self) -> "Money":
        if other.currency != self.currency:
            raise ValueError("amounts of different currencies cannot be added")
        return Money(self.minor + other.minor, self.currency)

    def __sub__(self, other: Self) -> "Money":
        return self + type(other)(-other.minor, other.currency)

    def times(self, quantity: int) -> "Money":
        """The amount for ``quantity`` pieces."""
        return Money(self.minor * quantity, self.currency)
