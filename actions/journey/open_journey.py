"""Journeys that nobody has to prove anything for."""

from typing import ClassVar

from actions.journey.model import RETRY, Journey
from backoffice.model.code import Level


class OpenJourney(Journey):
    """Open to everybody and about no order; still asked again when the back office is away."""

    access: ClassVar[Level] = Level.NONE
    about_order: ClassVar[bool] = False

    @property
    def slots(self) -> tuple[str, ...]:
        return (*super().slots, RETRY)
