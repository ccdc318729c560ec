"""What personal data is found, and where."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "payment card number",
    "bank account number",
    "e-mail address",
    "telephone number",
    "national id number",
    "postal address",
    "password",
]

NAMES: dict[Kind, str] = {
    "payment card number": "card",
    "bank account number": "account",
    "e-mail address": "e-mail",
    "telephone number": "phone",
    "national id number": "id number",
    "postal address": "address",
    "password": "password",
}
"""What stands in the text instead, in brackets."""

IN_DOCUMENTS: frozenset[Kind] = frozenset(
    {"payment card number", "bank account number", "e-mail address", "telephone number"}
)
"""What a company's own texts must not hold. Streets and the word "password" belong there."""

EVERYWHERE: frozenset[Kind] = frozenset(NAMES)


@dataclass(frozen=True, slots=True)
class Find:
    """One piece of personal data and where it stands in the text."""

    kind: Kind
    start: int
    end: int
    text: str

    @property
    def hint(self) -> str:
        """Enough to find it by, too little to be the thing itself."""
        return f"{self.text[:2]}…{self.text[-2:]}"
