"""Who changed what, the way back, and what a dying process leaves of it."""
# ruff: noqa: ASYNC221 - looking at a folder and killing a process is what these tests do

import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from retrieval.adapters.embedded.index import EmbeddedIndex
from retrieval.adapters.embedded.store import EmbeddedStore
from retrieval.adapters.hashing_embedder import HashingEmbedder
from retrieval.documents.model import Limits
from retrieval.errors import HistoryUnavailable
from retrieval.history.publishing import Restore
from retrieval.history.store import History
from retrieval.ingest import Ingest
from retrieval.model import EntryId, SearchFilters
from tests.retrieval.conftest import NOON, write_entry
from tests.retrieval.test_foreign_documents import DUBLIN


class Desk:
    """A knowledge folder, its index and its history; every change is an hour after the one before."""

    def __init__(self, root: Path) -> None:
        self.folder, self.index_dir = root / "knowledge", root / "index"
        self.at = NOON
        self.embedder = HashingEmbedder(128)
        self.store = EmbeddedStore(self.index_dir, now=lambda: NOON)
        self.history = History(root / "history.db", now=lambda: self.at)

    async def write(self, answer: str, *, by: str = "ann", name: str = "hours") -> None:
        write_entry(self.folder, name, title="When is the showroom open?", answer=answer)
        await self.ingest(by=by)

    async def ingest(self, *, by: str = "ann") -> tuple[str, ...]:
        self.at += timedelta(hours=1)
        made = Ingest(self.store, self.embedder, zone=DUBLIN, limits=Limits(), history=self.history)
        return (await made.run([self.folder], by=by)).notes

    async def restore(self, number: int, entry: str | None = None) -> list[EntryId]:
        self.at += timedelta(hours=1)
        back = Restore(self.store, self.embedder, self.history)
        return await back.run(number, entry_id=EntryId(entry) if entry else None, by="ben")

    def told(self, name: str = "hours") -> str | None:
        stored = self.store.read()
        found = {document.entry.entry_id: document.entry.answer for document in stored.content.documents if stored}  # type: ignore[union-attr]
        return found.get(EntryId(name))


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


async def test_every_change_is_kept_with_who_and_when(desk: Desk) -> None:
    await desk.write("From ten.")
    await desk.write("From eleven.", by="ben")
    await desk.ingest()
    assert [(change.by, change.at, change.counts) for change in desk.history.changes()] == [
        ("ben", NOON + timedelta(hours=2), {"changed": 1}),
        ("ann", NOON + timedelta(hours=1), {"added": 1}),
    ]
    versions = desk.history.versions(EntryId("hours"))
    assert [version.entry.answer for version in versions if version.entry] == ["From eleven.", "From ten."]


async def test_an_earlier_state_comes_back_as_a_new_change_and_is_found(desk: Desk, index: EmbeddedIndex) -> None:
    await desk.write("From ten.")
    await desk.write("From eleven.")
    assert await desk.restore(1, "hours") == ["hours"]
    assert desk.told() == "From ten."
    assert (await index.search("showroom open", filters=SearchFilters(at=NOON))).hits[0].answer == "From ten."
    assert [change.by for change in desk.history.changes()] == ["ben", "ann", "ann"]
    assert await desk.restore(2) == ["hours"]
    assert desk.told() == "From eleven."


async def test_a_restored_entry_stays_until_its_file_says_something_new(desk: Desk) -> None:
    await desk.write("From ten.")
    await desk.write("From eleven.")
    await desk.restore(1, "hours")
    assert "until its file changes" in (await desk.ingest())[0]
    assert desk.told() == "From ten."
    await desk.write("From twelve.")
    assert desk.told() == "From twelve."
    await desk.write("From eleven.")
    assert desk.told() == "From eleven."


async def test_a_removed_entry_comes_back_and_stays_and_an_added_one_can_go(desk: Desk) -> None:
    await desk.write("From ten.")
    await desk.write("Text.", name="other")
    (desk.folder / "hours.md").unlink()
    await desk.ingest()
    assert desk.told() is None
    assert await desk.restore(1) == ["hours", "other"]
    await desk.ingest()
    assert (desk.told(), desk.told("other")) == ("From ten.", None)


async def test_what_was_there_before_the_first_record_can_be_gone_back_to(desk: Desk) -> None:
    write_entry(desk.folder, "hours", answer="Of old.")
    await Ingest(desk.store, desk.embedder, zone=DUBLIN, limits=Limits()).run([desk.folder])
    await desk.write("New.")
    assert [change.note for change in desk.history.changes()] == ["ingest", "found in the index"]
    await desk.restore(1)
    assert desk.told() == "Of old."


async def test_there_is_no_way_back_to_what_never_was(desk: Desk) -> None:
    await desk.write("From ten.")
    for number, entry in ((7, None), (1, "nothing")):
        with pytest.raises(HistoryUnavailable):
            await desk.restore(number, entry)
    assert await desk.restore(1) == []


KILLED = """
import asyncio, os, signal, sys
from pathlib import Path
import retrieval.adapters.embedded.generations as generations
from retrieval.history.store import History
from tests.retrieval.test_history import Desk

def die(*_args, **_kwargs):
    os.kill(os.getpid(), signal.SIGKILL)

{victim} = die
asyncio.run(Desk(Path(sys.argv[1])).ingest(by="killed"))
"""


@pytest.mark.parametrize(
    ("victim", "reached"),
    [("generations._sync_tree", False), ("generations.Generations._point_to", False), ("History.confirm", True)],
)
async def test_index_and_history_agree_after_a_kill_at_any_point(
    desk: Desk,
    tmp_path: Path,
    victim: str,
    reached: bool,  # noqa: FBT001
) -> None:
    await desk.write("From ten.")
    write_entry(desk.folder, "hours", title="When is the showroom open?", answer="From eleven.")
    done = subprocess.run(
        [sys.executable, "-c", KILLED.format(victim=victim), str(tmp_path)], check=False, env=os.environ, timeout=120
    )
    assert done.returncode == -signal.SIGKILL
    assert desk.told() == ("From eleven." if reached else "From ten.")
    await desk.ingest(by="next")
    who = ["killed", "ann"] if reached else ["next", "ann"]
    assert [change.by for change in desk.history.changes()] == who
    assert desk.told() == "From eleven."
