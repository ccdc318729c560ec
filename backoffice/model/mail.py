"""Letters to customers."""

import secrets
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Mail:
    """One plain-text e-mail. Nothing of it is shown by ``repr``: it may hold a code. ``id`` is its own."""

    to: str = field(repr=False)
    subject: str = field(repr=False)
    text: str = field(repr=False)
    id: str = field(default_factory=lambda: secrets.token_hex(12), repr=False, compare=False)
