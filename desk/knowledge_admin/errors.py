"""What an editor is told beside the room's general refusals."""

from desk.errors import Refusal, StaleVersion


class EntryStale(StaleVersion):
    """Somebody saved the entry or draft since it was read; ``by`` is who."""

    def __init__(self, by: str | None = None) -> None:
        Refusal.__init__(self, f"{by or 'Somebody'} has saved this entry meanwhile. Look again, then decide.")
        self.by = by
