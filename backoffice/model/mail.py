"""Letters to customers."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Mail:
    """One plain-text e-mail. Nothing of it is shown by ``repr``: it may hold a code."""

    to: str = field(repr=False)
    subject: str = field(repr=False)
    text: str = field(repr=False)
