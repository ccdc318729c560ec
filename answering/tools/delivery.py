"""Whether and how the company delivers to a place."""

from functools import cache
from typing import Annotated, ClassVar

from babel import Locale
from pydantic import Field

from answering.model import Citation
from answering.tools.model import Arguments, Caller, Result, Tool
from answering.tools.words import lines, money
from backoffice.model.act import Refusal
from backoffice.service.regions import Region, region_for


class PlaceArguments(Arguments):
    """Where to."""

    country: Annotated[str, Field(min_length=2, max_length=60, description="a country's English name or ISO code")]
    postal_code: Annotated[str | None, Field(max_length=12, description="postal code, or null when unknown")]


class ShippingTo(Tool[PlaceArguments]):
    """Days, cost and duties of a delivery."""

    name: ClassVar[str] = "shipping_to"
    description: ClassVar[str] = "Whether the company delivers to a country, in how many working days and for how much."
    arguments: ClassVar[type[PlaceArguments]] = PlaceArguments

    async def call(self, arguments: PlaceArguments, caller: Caller) -> list[Result]:
        """See ``Tool.call``."""
        del caller
        code = _codes().get(arguments.country.strip().casefold())
        if code is None:
            return [Result("That is no country's name. Ask the customer which country they mean.")]
        region, name = region_for(code, arguments.postal_code), str(Locale("en").territories[code])
        if isinstance(region, Refusal):
            return [Result(lines(country=name, delivered="no"), _citation(region.policy))]
        return [Result(_facts(name, region), _citation(region.policy))]


def _facts(name: str, region: Region) -> str:
    return lines(
        country=name, delivered="yes", working_days=f"{region.first_day} to {region.last_day}",
        standard_delivery_costs=money(region.cost),
        free_from_an_order_of=money(region.free_from) if region.free_from else None,
        free_for_Plus_members="yes" if region.plus_free else "no",
        duties_included="yes" if region.duties_included else "no",
    )  # fmt: skip


def _citation(policy: str | None) -> Citation:
    return Citation(policy or "delivery", "Where we deliver")


@cache
def _codes() -> dict[str, str]:
    """ISO codes by themselves and by English names."""
    territories = {code: str(name) for code, name in Locale("en").territories.items() if len(code) == 2}  # noqa: PLR2004
    more = {"uk": "GB", "great britain": "GB", "england": "GB", "scotland": "GB", "wales": "GB", "holland": "NL"}
    by_name = {name.casefold(): code for code, name in territories.items()}
    return {code.casefold(): code for code in territories} | by_name | more
