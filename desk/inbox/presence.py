"""Who looks at which conversation now. Kept in memory: after a restart consoles say so again within seconds."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

HOLDS = timedelta(seconds=45)
TYPING_HOLDS = timedelta(seconds=8)


@dataclass(slots=True)
class _Viewer:
    name: str
    until: datetime
    typing_until: datetime | None = None


class Presence:
    """Viewers by conversation; what is older than ``HOLDS`` counts no more."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._viewers: dict[str, dict[str, _Viewer]] = {}

    def looks(self, conversation_id: str, staff: tuple[str, str], *, typing: bool | None = None) -> bool:
        """Somebody has it open, and writes (``typing``) or stopped; whether that is news."""
        now = self._now()
        viewers = self._viewers.setdefault(conversation_id, {})
        for gone in [one for one, viewer in viewers.items() if viewer.until <= now]:
            del viewers[gone]
        before = viewers.get(staff[0])
        viewer = viewers.setdefault(staff[0], _Viewer(staff[1], now + HOLDS))
        wrote = bool(before and before.typing_until and before.typing_until > now)
        viewer.until = now + HOLDS
        if typing is not None:
            viewer.typing_until = now + TYPING_HOLDS if typing else None
        return before is None or (typing is not None and typing != wrote)

    def viewers(self, conversation_id: str) -> list[dict[str, object]]:
        """Everybody who has it open."""
        now = self._now()
        return [
            {"id": ident, "name": one.name, "typing": bool(one.typing_until and one.typing_until > now)}
            for ident, one in self._viewers.get(conversation_id, {}).items()
            if one.until > now
        ]

    def looked_at(self, staff_id: str) -> set[str]:
        """Everything that somebody has open."""
        now = self._now()
        return {
            conversation_id
            for conversation_id, viewers in self._viewers.items()
            if staff_id in viewers and viewers[staff_id].until > now
        }
