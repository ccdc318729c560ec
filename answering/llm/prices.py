"""What a model's tokens cost, by a table in a file."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from importlib.resources import files
from pathlib import Path

import structlog

from answering.llm.model import Usage

logger = structlog.get_logger()

_MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars for a million tokens, for the models whose name the pattern fits."""

    model: str
    prompt: float
    completion: float

    def micros(self, usage: Usage) -> int:
        """Millionths of a dollar; a dollar for a million tokens is one of these a token."""
        return round(usage.prompt_tokens * self.prompt + usage.completion_tokens * self.completion)


def dollars(micros: int) -> float:
    """Millionths of a dollar as dollars."""
    return micros / _MILLION


class PriceTable:
    """Prices by model, first fit first; a model without a price costs the highest there is."""

    def __init__(self, prices: Sequence[Price]) -> None:
        """Take at least one price.

        Raises:
            ValueError: there is none.
        """
        if not prices:
            raise ValueError("the price table names no price")
        self._prices = tuple(prices)
        self._warned: set[str] = set()
        self._highest = Price("*", max(one.prompt for one in prices), max(one.completion for one in prices))

    @classmethod
    def read(cls, path: Path | None = None) -> "PriceTable":
        """The table in the file, or the one that comes with the product.

        Raises:
            ValueError: the file is no price table.
        """
        text = path.read_text("utf-8") if path else (files("answering.llm") / "prices.toml").read_text("utf-8")
        try:
            return cls([Price(**line) for line in tomllib.loads(text)["price"]])
        except (KeyError, TypeError, tomllib.TOMLDecodeError) as error:
            raise ValueError(f"{path or 'prices.toml'} is no price table: {error}") from error

    def of(self, model: str) -> Price:
        """The price of ``provider/model``."""
        found = next((one for one in self._prices if fnmatchcase(model, one.model)), None)
        if found is None and model not in self._warned:
            self._warned.add(model)
            logger.warning("llm.price_unknown", model=model)
        return found or self._highest
