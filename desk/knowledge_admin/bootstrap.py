"""The editor put together."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from fastapi import APIRouter

from desk.accounts.guard import Audit, Guard
from desk.adapters.knowledge import RetrievalKnowledge
from desk.adapters.sql.database import Database
from desk.adapters.sql.drafts import SqlDrafts
from desk.adapters.sql.gaps_done import SqlGapsDone
from desk.adapters.sql.unanswered import DeskQuestions, ReviewedQuestions
from desk.knowledge_admin.imports import Imports
from desk.knowledge_admin.ports import Knowledge
from desk.knowledge_admin.routes import build_knowledge_routes
from desk.knowledge_admin.service import KnowledgeDesk
from desk.knowledge_admin.settings import UPLOADS, Bands
from retrieval.settings import RetrievalSettings


@dataclass(frozen=True)
class KnowledgeRoom:
    """What the gateway's bootstrap keeps of it."""

    desk: KnowledgeDesk
    imports: Imports

    def routes(self, guard: Guard, audit: Audit) -> APIRouter:
        """The routes, to be included below ``/console/api``."""
        return build_knowledge_routes(self.desk, self.imports, guard, audit)

    async def close(self) -> None:
        """End what was opened here."""
        await self.desk.knowledge.close()


def build_knowledge_room(
    database: Database,
    *,
    now: Callable[[], datetime],
    knowledge: Knowledge | None = None,
    uploads: Path = UPLOADS,
) -> KnowledgeRoom:
    """The room over the index that ``RETRIEVAL_…`` names; nothing is opened before it is needed."""
    found = knowledge or RetrievalKnowledge(RetrievalSettings(), now=now)
    sources = (DeskQuestions(database), ReviewedQuestions(database))
    desk = KnowledgeDesk(found, SqlDrafts(database), sources, SqlGapsDone(database), Bands(), now)
    return KnowledgeRoom(desk, Imports(found, uploads))
