"""What a customer of a company with a PDF manual and a help centre is told: on both engines, and when one dies."""

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from answering.ladder import Ladder
from answering.model import Answer, Question
from answering.settings import AnsweringSettings
from retrieval.adapters.breaker import CircuitBreaker
from retrieval.adapters.elasticsearch.connection import Address
from retrieval.adapters.elasticsearch.store import ElasticsearchStore
from retrieval.adapters.embedded.index import EmbeddedIndex
from retrieval.adapters.embedded.store import EmbeddedStore
from retrieval.adapters.failover import CopyingStore, FailoverIndex
from retrieval.adapters.hashing_embedder import HashingEmbedder
from retrieval.documents.model import Limits
from retrieval.evaluation.local_node import LocalNode
from retrieval.ingest import Ingest
from retrieval.ports import KnowledgeIndex, KnowledgeStore
from retrieval.relevance import calibration
from tests.retrieval import foreign
from tests.retrieval.conftest import NOON
from tests.retrieval.elasticsearch_node import elasticsearch_reader, started_node

ALIAS = "frontdesk-knowledge"
SETTINGS = AnsweringSettings(answer_at=0.75, suggest_at=0.2)

CONVERSATION = (
    Question("what does error code E4 mean"),
    Question("how long do I have to send something back"),
    Question("and from Norway?", refers_to="how long do I have to send something back"),
    Question("do you sell bicycles"),
)


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    """A manual as PDF and a help centre's export."""
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "cresta.pdf").write_bytes(foreign.pdf())
    articles = (
        foreign.article(
            1,
            title="How long do I have to send something back?",
            body="<p>You have 30 days from delivery.</p>",
            label_names=["return within how many days"],
        ),
        foreign.article(2, title="Sending something back from Norway", body="<p>Put the customs form on the box.</p>"),
    )
    (folder / "help.json").write_bytes(foreign.export(*articles))
    return folder


@pytest.fixture
def own_node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalNode]:
    """A node that this test may end."""
    with started_node(tmp_path_factory) as node:
        yield node


async def taken_in(documents: Path, store: KnowledgeStore, embedder: HashingEmbedder) -> None:
    report = await Ingest(store, embedder, zone=ZoneInfo("Europe/Dublin"), limits=Limits()).run([documents])
    assert not report.refused


async def told(index: KnowledgeIndex, *questions: Question) -> list[Answer]:
    ladder = Ladder(index, SETTINGS, now=lambda: NOON)
    return [await ladder.answer(question) for question in questions]


async def test_a_pdf_manual_and_a_help_centre_answer_word_for_word_with_their_source(
    documents: Path, index: EmbeddedIndex, index_dir: Path, embedder: HashingEmbedder
) -> None:
    await taken_in(documents, EmbeddedStore(index_dir, now=lambda: NOON), embedder)
    code, returns, norway, nothing = await told(index, *CONVERSATION)
    assert code.text.startswith("E4 means that a bean is stuck")
    assert code.citations[0].path == ("Cresta grinder", "Error codes")
    assert (returns.text, returns.citations[0].url) == (
        "You have 30 days from delivery.",
        "https://help.example/hc/en-us/articles/1",
    )
    assert "zendesk-2-en-us" in str(norway)
    assert nothing.kind != "entry"


@pytest.mark.server
@pytest.mark.elasticsearch_node
@pytest.mark.slow
async def test_a_conversation_goes_the_same_way_on_both_engines_and_on_when_one_is_killed_in_its_middle(
    own_node: LocalNode, documents: Path, index: EmbeddedIndex, index_dir: Path, embedder: HashingEmbedder
) -> None:
    address = Address((own_node.url,))
    writer = address.writer(timeout=20)
    store = CopyingStore(
        ElasticsearchStore(writer, alias=ALIAS, now=lambda: NOON), EmbeddedStore(index_dir, now=lambda: NOON)
    )
    await taken_in(documents, store, embedder)
    await asyncio.to_thread(writer.close)
    embedded = await told(index, *CONVERSATION)

    copy = EmbeddedIndex(index_dir, embedder=embedder, calibration=calibration.load(), now=lambda: NOON)
    first = elasticsearch_reader(address, ALIAS, embedder, timeout=5.0)
    both = FailoverIndex(first, copy, breaker=CircuitBreaker(failures=2, pause=10.0, clock=time.monotonic))
    assert shown(await told(first, *CONVERSATION)) == shown(embedded)

    begun = await told(both, *CONVERSATION[:2])
    own_node.kill()
    gone_on = await told(both, *CONVERSATION[2:])
    assert shown([*begun, *gone_on]) == shown(embedded)
    await both.close()


def shown(answers: list[Answer]) -> list[tuple[object, ...]]:
    """All of the answers that a customer sees."""
    return [(answer.kind, answer.text, answer.citations, answer.suggestions) for answer in answers]
