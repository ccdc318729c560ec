"""Where the shop delivers, in what time and for how much: as the ``delivery-…`` entries say. Pure functions."""

import re
from dataclasses import dataclass

from backoffice.model.act import Reason, Refusal
from backoffice.model.customer import Address
from backoffice.model.money import Money

LARGE = frozenset({"AW-201", "AW-104", "AW-301"})
"""Brio, Heron and Dune: collected on return, signed for, not to P.O. boxes (delivery-large-items)."""

_PO_BOX = re.compile(
    r"(?i)\bp\.?\s?o\.?\s?box\b|\bpostfach\b|\bpostboks\b|\bapartado\b|\bpackstation\b|\bparcel locker\b"
)
_NOT_SPAIN = re.compile(r"(35|38|51|52)\d{3}")


@dataclass(frozen=True, slots=True)
class Region:
    """A delivery region: working days, standard cost, and the value of goods from which it is free."""

    name: str
    countries: frozenset[str]
    first_day: int
    last_day: int
    cost: Money
    free_from: Money | None
    plus_free: bool
    duties_included: bool
    policy: str


def _euro(minor: int) -> Money:
    return Money(minor, "EUR")


_A = frozenset(["BE", "NL", "LU", "FR", "DE", "AT", "DK"])
_B = frozenset(
    ["ES", "PT", "IT", "SE", "FI", "PL", "CZ", "SI", "SK", "HU", "EE", "LV", "LT", "GR", "HR", "RO", "BG", "MT", "CY"]
)
_EU_FREE = _euro(120_00)
REGIONS = (
    Region("ireland", frozenset({"IE"}), 1, 2, _euro(4_95), _euro(50_00), True, True, "delivery-ireland-standard"),
    Region("uk", frozenset({"GB"}), 3, 5, _euro(9_95), None, True, True, "delivery-uk"),
    Region("eu_zone_a", _A, 2, 4, _euro(7_95), _EU_FREE, True, True, "delivery-eu-zone-a"),
    Region("eu_zone_b", _B, 4, 7, _euro(12_95), _EU_FREE, True, True, "delivery-eu-zone-b"),
    Region(
        "norway_switzerland_iceland",
        frozenset({"NO", "CH", "IS"}),
        5,
        8,
        _euro(19_95),
        None,
        False,
        False,
        "delivery-norway-switzerland-iceland",
    ),
)


def region_for(country: str, postal_code: str | None = None) -> Region | Refusal:
    """The region of an ISO 3166-1 alpha-2 country, or why nothing is sent there."""
    code = "".join((postal_code or "").split())
    if country.upper() == "ES" and _NOT_SPAIN.fullmatch(code):
        return Refusal(Reason.REGION_NOT_SERVED, "delivery-canary-ceuta-melilla")
    for region in REGIONS:
        if country.upper() in region.countries:
            return region
    return Refusal(Reason.REGION_NOT_SERVED, "delivery-not-served")


def standard_cost(region: Region, goods: Money, *, plus_member: bool) -> Money:
    """What standard delivery of goods of this value costs there."""
    free = (plus_member and region.plus_free) or (region.free_from and goods.minor >= region.free_from.minor)
    return _euro(0) if free else region.cost


def is_po_box(address: Address) -> bool:
    return bool(_PO_BOX.search(address.street))
