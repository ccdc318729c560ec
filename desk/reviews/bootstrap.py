"""The room put together."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from desk.adapters.intent_service import IntentService
from desk.adapters.sql.database import Database
from desk.adapters.tracker import SqlTracker
from desk.gateway.ports import Dialogue
from desk.metrics import Metrics
from desk.reviews.corrections import Corrections
from desk.reviews.ports import Tracker, Understander
from desk.reviews.reader import TrackerReader
from desk.reviews.reasons import TrackerReasons
from desk.reviews.service import ReviewDesk
from desk.reviews.teaching import Teaching
from desk.reviews.training_files import TrainingFiles
from desk.settings import DeskSettings
from retrieval.company import personal_data_from
from retrieval.settings import RetrievalSettings


@dataclass(frozen=True)
class Reviews:
    """Transcript review. ``reader`` and ``tracker`` are None where ``DESK_TRACKER_URL`` is empty."""

    desk: ReviewDesk
    tracker: Tracker | None
    reader: TrackerReader | None
    understander: Understander

    async def close(self) -> None:
        """Give the connections to the tracker and the intent service back."""
        if self.tracker is not None:
            self.tracker.close()
        await self.understander.close()


def build_reviews(
    settings: DeskSettings,
    *,
    database: Database,
    dialogue: Dialogue,
    metrics: Metrics,
    now: Callable[[], datetime],
) -> Reviews:
    """Connects on first use."""
    url = settings.tracker_url.get_secret_value()
    tracker = SqlTracker(url, timeout_seconds=settings.database_timeout_seconds) if url else None
    reader = TrackerReader(tracker, database, metrics, now) if tracker else None
    personal_data = personal_data_from(RetrievalSettings())
    held_back = [Path(folder.strip()) for folder in settings.held_back.split(",") if folder.strip()]
    files = TrainingFiles(settings.nlu_data, settings.domain, held_back)
    understander = IntentService(settings.intent_service_url)
    desk = ReviewDesk(
        database=database,
        corrections=Corrections(database, files, personal_data, understander, now),
        teaching=Teaching(dialogue, database, reader, now),
        reasons=TrackerReasons(tracker),
        personal_data=personal_data,
        now=now,
    )
    return Reviews(desk, tracker, reader, understander)
