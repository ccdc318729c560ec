"""The room put together: what ``bootstrap.py`` builds and the console's features are given."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from desk.adapters.accounts import BackofficeAccounts
from desk.adapters.rasa import RasaChannel
from desk.adapters.sql.database import Database
from desk.analytics.bootstrap import NumbersRoom
from desk.attachments.service import AttachmentDesk
from desk.company import Company
from desk.gateway.hub import Hub
from desk.gateway.ports import Accounts, Dialogue
from desk.gateway.service import Gateway, Windows
from desk.gateway.worker import Worker
from desk.handoff.service import HandoffDesk
from desk.inbox.assignment import Assignment
from desk.inbox.feed import ConsoleFeed
from desk.inbox.help_ports import Answering
from desk.inbox.ports import Customers
from desk.inbox.questions import Questions
from desk.inbox.service import InboxDesk
from desk.knowledge_admin.bootstrap import KnowledgeRoom
from desk.metrics import Metrics
from desk.retention.service import Retention
from desk.reviews.bootstrap import Reviews
from desk.sentences import Sentences
from desk.settings import DeskSettings


@dataclass(frozen=True)
class Desk:
    """The room put together. ``close`` gives its connections back."""

    settings: DeskSettings
    database: Database
    hub: Hub
    metrics: Metrics
    company: Company
    sentences: Sentences
    dialogue: Dialogue
    accounts: Accounts
    worker: Worker
    gateway: Gateway
    handoffs: HandoffDesk
    files: AttachmentDesk
    retention: Retention
    reviews: Reviews
    knowledge: KnowledgeRoom
    numbers: NumbersRoom
    windows: Windows
    inbox: InboxDesk
    feed: ConsoleFeed
    questions: Questions
    assignment: Assignment
    customers: Customers
    answering: Answering
    now: Callable[[], datetime]
    origin: str

    async def close(self) -> None:
        """End what was opened here."""
        if isinstance(self.dialogue, RasaChannel):
            await self.dialogue.close()
        if isinstance(self.accounts, BackofficeAccounts):
            self.accounts.close()
        await self.reviews.close()
        await self.knowledge.close()
        await self.answering.close()
        self.database.close()
