"""What the generated rung needs beside models, tools and the quality check."""

from typing import Protocol


class Masking(Protocol):
    """Hides personal data for the time of one answer."""

    def hide(self, text: str) -> str:
        """``text`` with personal data replaced; the same thing by the same mask each time."""
        ...

    def restore(self, text: str) -> str:
        """``text`` with the masks that this masking made replaced by what they hid."""
        ...


class Privacy(Protocol):
    """Makes maskings; one a turn, so that nothing hidden for one customer is ever restored for another."""

    def masking(self) -> Masking: ...
