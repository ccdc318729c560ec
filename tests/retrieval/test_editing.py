"""Entries saved in an editor: in force at once, never overwritten by an ingest, exported into files."""

import os
import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from privacy.model import IN_DOCUMENTS
from privacy.personal_data import PersonalData
from retrieval.documents.model import Limits
from retrieval.editing import Editor, Written
from retrieval.errors import DocumentRefused, EntryChanged, EntryUnknown
from retrieval.export import export
from retrieval.history.publishing import entries_of
from retrieval.ingest import Ingest
from retrieval.model import Entry, EntryId
from retrieval.report import IngestReport
from tests.retrieval.conftest import NOON, write_entry
from tests.retrieval.test_foreign_documents import DUBLIN
from tests.retrieval.test_history import Desk

HOURS = EntryId("hours")
SCREEN = PersonalData(frozenset(), frozenset(), "IE", frozenset(), kinds=IN_DOCUMENTS)
SHOWROOM = Written("When is the showroom open?", "From nine.", ("opening hours", "are you open"))


class Editing(Desk):
    """A history's desk with an editor at it."""

    @property
    def editor(self) -> Editor:
        self.at += timedelta(hours=1)
        return Editor(self.store, self.embedder, self.history, zone=DUBLIN, screen=SCREEN, now=lambda: self.at)

    def entry(self, name: str = "hours") -> Entry | None:
        return {entry.entry_id: entry for entry in entries_of(self.store.read())}.get(EntryId(name))

    def version(self, name: str = "hours") -> int:
        return self.history.latest()[EntryId(name)].number

    async def report(self, *, take_files: bool = False) -> IngestReport:
        made = Ingest(self.store, self.embedder, zone=DUBLIN, limits=Limits(), history=self.history)
        return await made.run([self.folder], by="ann", take_files=take_files)


@pytest.fixture
def desk(tmp_path: Path) -> Editing:
    return Editing(tmp_path)


async def test_a_saved_entry_is_in_force_with_who_when_and_why(desk: Editing) -> None:
    await desk.write("From ten.")
    await desk.editor.save(HOURS, SHOWROOM, expected=desk.version(), by="ben", why="new hours")
    assert desk.told() == "From nine."
    latest = desk.history.versions(HOURS)[0].change
    assert (latest.by, latest.note) == ("ben", "new hours")


async def test_who_read_an_older_version_is_refused_and_told_who_was_first(desk: Editing) -> None:
    await desk.write("From ten.")
    read = desk.version()
    await desk.editor.save(HOURS, SHOWROOM, expected=read, by="ben")
    with pytest.raises(EntryChanged) as refused:
        await desk.editor.save(HOURS, Written("Hours?", "From eight."), expected=read, by="cia")
    assert refused.value.by == "ben"
    assert desk.told() == "From nine."


async def test_an_ingest_keeps_what_was_saved_even_when_the_file_changes(desk: Editing) -> None:
    await desk.write("From ten.")
    await desk.editor.save(HOURS, SHOWROOM, expected=desk.version(), by="ben")
    assert "stays as it was saved" in (await desk.report()).notes[0]
    write_entry(desk.folder, "hours", title="Open?", answer="From eleven.")
    assert "its file says something new" in (await desk.report()).notes[0]
    assert desk.told() == "From nine."
    assert (await desk.report(take_files=True)).changed == ("hours",)
    assert desk.told() == "From eleven."
    assert (await desk.report()).notes == ()


async def test_an_entry_without_a_file_stays_through_ingests(desk: Editing) -> None:
    await desk.write("From ten.")
    await desk.editor.save(EntryId("gift"), Written("Do you wrap gifts?", "Yes."), expected=None, by="ben")
    report = await desk.report()
    assert (report.removed, report.notes) == ((), ())
    assert desk.told("gift") == "Yes."


async def test_a_lost_index_comes_back_with_what_was_saved_in_the_console(desk: Editing) -> None:
    await desk.write("From ten.")
    await desk.editor.save(HOURS, SHOWROOM, expected=desk.version(), by="ben")
    await desk.editor.save(EntryId("gift"), Written("Do you wrap gifts?", "Yes."), expected=None, by="ben")
    shutil.rmtree(desk.index_dir)
    await desk.report()
    assert (desk.told(), desk.told("gift")) == ("From nine.", "Yes.")


async def test_an_export_makes_the_file_say_what_is_in_force(desk: Editing) -> None:
    await desk.write("From ten.")
    words = Written(
        "Open: when?", "From **nine**.\n\n- a\n- b", ("are you: open", "# hours", "'"), products=("brio", "dune"),
        valid_from=NOON, valid_until=NOON.date() + timedelta(days=9), url="https://x.example/a",
    )  # fmt: skip
    await desk.editor.save(HOURS, words, expected=desk.version(), by="ben")
    await desk.editor.save(EntryId("gift"), Written("Do you wrap gifts?", "Yes."), expected=None, by="ben")
    done = export(entries_of(desk.store.read()), desk.history, desk.folder)
    assert {path.relative_to(desk.folder).as_posix() for path, _ in done.written} == {"hours.md", "console/gift.md"}
    report = await desk.report()
    assert (report.changed, report.added, report.removed, report.notes) == ((), (), (), ())
    assert export(entries_of(desk.store.read()), desk.history, desk.folder).written == ()
    await desk.write("From ten again.")
    assert desk.told() == "From ten again."


async def test_a_section_of_a_manual_keeps_its_place_and_is_not_exported(desk: Editing) -> None:
    body = "## Cleaning\n\nWipe it.\n\n## Filling\n\nPour water."
    write_entry(desk.folder, "brio", title="Brio manual", answer=body, kind="manual")
    await desk.report()
    section = EntryId("brio#Cleaning")
    old = desk.entry(section)
    assert old is not None
    new = await desk.editor.save(section, Written(old.title, "Wipe it dry."), expected=desk.version(section), by="ben")
    assert (new.path, new.document_id) == (old.path, "brio")
    await desk.report()
    assert desk.told(section) == "Wipe it dry."
    assert [name for name, _ in export(entries_of(desk.store.read()), desk.history, desk.folder).refused] == [section]


async def test_a_retired_entry_has_ended_and_stays_on_record(desk: Editing) -> None:
    await desk.write("From ten.")
    await desk.editor.retire(HOURS, expected=desk.version(), by="ben")
    entry = desk.entry()
    assert entry is not None
    assert entry.valid_until == desk.at
    await desk.report()
    assert desk.entry() == entry
    assert await desk.restore(1, "hours") == ["hours"]
    assert desk.told() == "From ten."


@pytest.mark.parametrize(
    ("written", "why"),
    [
        (Written("", "Text."), "title"),
        (Written("Title?", "  "), "empty"),
        (Written("Title?", "Text.", url="http://x.example"), "url"),
        (Written("Title?", "Text.", valid_from=NOON, valid_until=NOON - timedelta(days=2)), "before"),
        (Written("Title?", "Write to jane.doe@gmail.com."), "personal data"),
        (Written("Title?", "Text.", audience="everybody"), "audience"),
    ],
)
async def test_what_a_file_could_not_say_is_refused(desk: Editing, written: Written, why: str) -> None:
    await desk.write("From ten.")
    with pytest.raises(DocumentRefused, match=why):
        await desk.editor.save(EntryId("new"), written, expected=None, by="ben")
    assert desk.entry("new") is None


async def test_a_new_entry_never_takes_anothers_id_and_a_gone_one_is_not_saved(desk: Editing) -> None:
    await desk.write("From ten.")
    with pytest.raises(DocumentRefused, match="already"):
        await desk.editor.save(HOURS, SHOWROOM, expected=None, by="ben")
    with pytest.raises(EntryUnknown):
        await desk.editor.save(EntryId("nothing"), SHOWROOM, expected=1, by="ben")


READER = """
import asyncio, sys
from pathlib import Path
from retrieval.adapters.hashing_embedder import HashingEmbedder
from retrieval.bootstrap import build_index
from retrieval.model import SearchFilters
from retrieval.settings import RetrievalSettings
from tests.retrieval.conftest import NOON

async def main():
    index = build_index(RetrievalSettings(index_dir=Path(sys.argv[1])), embedder=HashingEmbedder(128))
    for line in sys.stdin:
        found = await index.search(line.strip(), filters=SearchFilters(at=NOON))
        print(found.hits[0].answer if found.hits else "", flush=True)

asyncio.run(main())
"""


async def test_another_process_finds_a_saved_entry_at_its_next_question(desk: Editing) -> None:
    await desk.write("From ten.")
    reader = subprocess.Popen(  # noqa: ASYNC220 - the other process is the point
        [sys.executable, "-c", READER, str(desk.index_dir)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=os.environ,
    )  # fmt: skip
    with reader:
        assert reader.stdin is not None
        assert reader.stdout is not None

        def asked(question: str) -> str:
            assert reader.stdin is not None
            assert reader.stdout is not None
            reader.stdin.write(question + "\n")
            reader.stdin.flush()
            return reader.stdout.readline().strip()

        assert asked("are you open") == "From ten."
        await desk.editor.save(HOURS, SHOWROOM, expected=desk.version(), by="ben")
        await desk.editor.save(EntryId("gift"), Written("Do you wrap gifts?", "Yes."), expected=None, by="ben")
        assert asked("are you open") == "From nine."
        assert asked("do you wrap gifts") == "Yes."
        reader.stdin.close()
