"""Ingest: what goes in, what is refused, what a report says, and what a dying process leaves behind."""
# ruff: noqa: ASYNC221, ASYNC240 - looking at a folder and killing a process is what these tests do

import fcntl
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from retrieval.adapters.embedded.index import EmbeddedIndex
from retrieval.adapters.embedded.store import EmbeddedStore
from retrieval.adapters.hashing_embedder import HashingEmbedder
from retrieval.documents.model import Limits
from retrieval.errors import DocumentRefused, EmbedderUnavailable, IngestBusy
from retrieval.ingest import Ingest
from retrieval.model import SearchFilters
from retrieval.ports import Embeddings
from tests.retrieval.conftest import ENTRIES, NOON, Fill, write_entry


class CountingEmbedder(HashingEmbedder):
    """Remembers every text."""

    def __init__(self, dimensions: int = 128) -> None:
        super().__init__(dimensions)
        self.texts: list[str] = []

    async def embed(self, texts: object) -> Embeddings:
        self.texts += list(texts)  # type: ignore[call-overload]
        return await super().embed(texts)  # type: ignore[arg-type]


def into(index_dir: Path, embedder: HashingEmbedder) -> Ingest:
    return Ingest(
        EmbeddedStore(index_dir, now=lambda: NOON),
        embedder,
        zone=ZoneInfo("Europe/Dublin"),
        limits=Limits(text_bytes=100_000),
    )


async def test_a_first_ingest_adds_every_entry(fill: Fill) -> None:
    report = await fill()
    assert report.added == tuple(sorted(ENTRIES))
    assert (report.changed, report.removed, report.unchanged, report.refused) == ((), (), (), ())
    assert report.dense


async def test_a_second_ingest_changes_and_embeds_nothing(knowledge: Path, index_dir: Path) -> None:
    first = await into(index_dir, CountingEmbedder()).run([knowledge])
    embedder = CountingEmbedder()
    second = await into(index_dir, embedder).run([knowledge])
    assert second.unchanged == first.added
    assert (second.changes, second.version, second.embedded) == (0, first.version, 0)
    assert len(embedder.texts) == 1  # the probe for another model


async def test_only_what_changed_is_embedded(knowledge: Path, index_dir: Path) -> None:
    await into(index_dir, CountingEmbedder()).run([knowledge])
    write_entry(knowledge, "hours", title="When is the showroom open?", answer="Now from eleven.")
    (knowledge / "kettle.md").unlink()
    write_entry(knowledge, "new", title="Something new")
    embedder = CountingEmbedder()
    report = await into(index_dir, embedder).run([knowledge])
    assert (report.added, report.changed, report.removed) == (("new",), ("hours",), ("kettle",))
    assert set(embedder.texts) >= {"Something new", "When is the showroom open? Now from eleven."}
    assert not any("30 days" in text for text in embedder.texts)


async def test_a_dry_run_tells_and_changes_nothing(knowledge: Path, ingest: Ingest, index_dir: Path) -> None:
    report = await ingest.run([knowledge], dry_run=True)
    assert len(report.added) == len(ENTRIES)
    assert report.version is None
    assert not index_dir.exists()


async def test_another_model_makes_all_vectors_anew(fill: Fill, knowledge: Path, index_dir: Path) -> None:
    first = await fill()
    report = await into(index_dir, HashingEmbedder(dimensions=64)).run([knowledge])
    assert report.version != first.version
    assert report.embedded > len(ENTRIES)


async def test_entries_from_elsewhere_stay(fill: Fill, ingest: Ingest, tmp_path: Path) -> None:
    await fill()
    other = tmp_path / "other"
    write_entry(other, "extra")
    report = await ingest.run([other])
    assert report.added == ("extra",)
    assert report.removed == ()


async def test_a_newcomer_does_not_take_over_another_files_id(fill: Fill, knowledge: Path) -> None:
    await fill()
    write_entry(knowledge, "a-first", id="hours", title="Something else", answer="Another answer.")
    report = await fill()
    assert [Path(item.source).name for item in report.refused] == ["a-first.md"]
    assert "hours.md: give it another id" in report.refused[0].reason
    assert report.changed == ()


@pytest.mark.parametrize("broken", [True, False])
async def test_an_id_stays_with_its_file_though_it_is_not_read_now(
    fill: Fill, ingest: Ingest, knowledge: Path, tmp_path: Path, *, broken: bool
) -> None:
    await fill()
    other = write_entry(tmp_path / "other", "a-first", id="hours", answer="Another answer.")
    if broken:
        (knowledge / "hours.md").write_text("---\nid: hours\ntitel: typo\n---\ntext")
    report = await ingest.run([other, knowledge] if broken else [other])
    assert any("already used" in item.reason for item in report.refused if item.source.endswith("a-first.md"))
    assert (report.changed, report.removed) == ((), ())


async def test_an_id_may_move_to_another_file(fill: Fill, knowledge: Path) -> None:
    await fill()
    (knowledge / "hours.md").unlink()
    write_entry(knowledge, "a-first", id="hours", title="When is the showroom open?", answer="Now from eleven.")
    report = await fill()
    assert (report.refused, report.changed) == ((), ("hours",))


async def test_a_file_that_breaks_keeps_its_last_good_state(
    fill: Fill, knowledge: Path, index: EmbeddedIndex, now: SearchFilters
) -> None:
    await fill()
    (knowledge / "hours.md").write_text("---\nid: hours\ntitel: typo\n---\ntext")
    report = await fill()
    assert [(Path(item.source).name, item.kept) for item in report.refused] == [("hours.md", 1)]
    assert report.removed == ()
    assert await index.get("hours", filters=now)  # type: ignore[arg-type]


async def test_without_vectors_nothing_is_published_unless_asked_for(knowledge: Path, index_dir: Path) -> None:
    class Down(HashingEmbedder):
        async def embed(self, _texts: object) -> Embeddings:
            raise EmbedderUnavailable("down")

    with pytest.raises(EmbedderUnavailable):
        await into(index_dir, Down()).run([knowledge])
    assert not (index_dir / "current").exists()
    report = await into(index_dir, Down()).run([knowledge], lexical_only=True)
    assert not report.dense
    assert report.version


async def test_vectors_are_added_to_an_index_of_words(fill: Fill, ingest: Ingest, knowledge: Path) -> None:
    await ingest.run([knowledge], lexical_only=True)
    report = await fill()
    assert report.dense
    assert report.changes == 0


async def test_two_ingests_at_once_do_not_mix(fill: Fill, index_dir: Path) -> None:
    index_dir.mkdir()
    with (index_dir / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(IngestBusy):
            await fill()


async def test_a_folder_that_does_not_exist_is_told(ingest: Ingest, tmp_path: Path) -> None:
    with pytest.raises(DocumentRefused, match="there is no"):
        await ingest.run([tmp_path / "nowhere"])


HOSTILE = {
    "latin.md": ("---\nid: a\ntitle: Caf\xe9\n---\nText".encode("latin-1"), "not UTF-8"),
    "plain.md": (b"Just text, no head at all.", "no front matter"),
    "open.md": (b"---\nid: a\ntitle: never closed\n", "front matter"),
    "yaml.md": (b"---\nid: [a\ntitle: b\n---\ntext", "not valid YAML"),
    "list.md": (b"---\n- id\n- title\n---\ntext", "front matter"),
    "noid.md": (b"---\ntitle: b\n---\ntext", "id: is missing"),
    "typo.md": (
        b"---\nid: a\ntitle: b\nvalid_untill: 2026-01-01\n---\ntext",
        "valid_untill: no such key; write valid_until",
    ),
    "path.md": (b"---\nid: ../../etc\ntitle: b\n---\ntext", "id must be"),
    "date.md": (b"---\nid: a\ntitle: b\nvalid_until: soon\n---\ntext", "valid_until"),
    "german.md": (
        b"---\nid: a\ntitle: b\nvalid_until: 31.12.2026\n---\ntext",
        "front matter: valid_until: no day; write it as 2026-12-31",
    ),
    "number.md": (b"---\nid: a\ntitle: b\nvalid_until: 20261231\n---\ntext", "valid_until: no day"),
    "yes.md": (b"---\nid: a\ntitle: No\n---\ntext", "title: must be text; write it between quotation marks"),
    "never.md": (b"---\nid: a\ntitle: b\nvalid_from: 2026-02-30\n---\ntext", "valid_from: no day"),
    "order.md": (b"---\nid: a\ntitle: b\nvalid_from: 2026-02-01\nvalid_until: 2026-01-01\n---\ntext", "before"),
    "who.md": (b"---\nid: a\ntitle: b\naudience: everyone\n---\ntext", "audience"),
    "empty.md": (b"---\nid: a\ntitle: b\n---\n\n", "no text"),
    "nothing.md": (b"", "the file is empty"),
    "binary.md": (b"---\nid: a\ntitle: b\n---\ntext\0text", "binary"),
    "huge.md": (b"---\nid: a\ntitle: b\n---\n" + b"word " * 30_000, "larger than"),
    "tag.md": (b"---\nid: !!python/object/apply:os.system ['true']\ntitle: b\n---\ntext", "not valid YAML"),
    "deep.md": (b"---\nid: " + b"[" * 5000 + b"\ntitle: b\n---\ntext", "front matter"),
    "twin.md": (b"---\nid: returns\ntitle: b\n---\ntext", "already used"),
    "url.md": (b"---\nid: a\ntitle: b\nurl: javascript:alert(1)\n---\ntext", "url"),
}


@pytest.mark.parametrize("name", HOSTILE)
async def test_a_hostile_file_is_refused_by_itself(fill: Fill, knowledge: Path, name: str) -> None:
    content, reason = HOSTILE[name]
    (knowledge / f"z-{name}").write_bytes(content)
    report = await fill()
    assert len(report.added) == len(ENTRIES)
    assert [Path(item.source).name for item in report.refused] == [f"z-{name}"]
    assert reason in report.refused[0].reason


@pytest.mark.parametrize("name", ["conf.env", "manual.pdf.yml", "notes"])
async def test_a_named_file_of_an_unknown_kind_is_refused(ingest: Ingest, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("BACKEND_PASSWORD=x")
    report = await ingest.run([tmp_path / name], lexical_only=True)
    assert report.added == ()
    assert report.refused[0].reason.startswith("not a kind of file that is read (.csv, .docx, ")


async def test_a_yaml_bomb_is_refused_without_being_unfolded(fill: Fill, knowledge: Path) -> None:
    levels = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    levels += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    (knowledge / "z-bomb.md").write_text("---\n" + "\n".join(levels) + "\nid: *a11\ntitle: b\n---\ntext")
    report = await fill()
    assert len(report.refused) == 1
    assert len(report.refused[0].reason) < 400


async def test_a_link_out_of_the_folder_is_not_followed(fill: Fill, knowledge: Path, tmp_path: Path) -> None:
    outside = write_entry(tmp_path / "outside", "secret")
    (knowledge / "secret.md").symlink_to(outside)
    assert "secret" not in (await fill()).added


async def test_readmes_and_hidden_files_are_not_knowledge(fill: Fill, knowledge: Path) -> None:
    write_entry(knowledge / ".drafts", "draft")
    (knowledge / "README.md").write_text("How to write entries.")
    report = await fill()
    assert len(report.added) == len(ENTRIES)
    assert report.refused == ()


async def test_what_is_not_read_is_told(fill: Fill, knowledge: Path, tmp_path: Path) -> None:
    (knowledge / "prices.xlsx").write_text("x")
    (knowledge / "guide.yml").write_text("audience: staff")
    (knowledge / "secret.md").symlink_to(write_entry(tmp_path / "outside", "secret"))
    notes = "\n".join((await fill()).notes)
    assert "Links out of" in notes
    assert "secret.md" in notes
    assert "Of a kind that is not read: prices.xlsx; save them as" in notes
    assert "Beside no document of that name: guide.yml" in notes


async def test_a_folder_that_cannot_be_read_takes_no_answer_away(
    fill: Fill, knowledge: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_entry(knowledge / "more", "parcels")
    (knowledge / "lost+found").mkdir()
    real, closed = os.scandir, {"lost+found"}

    def scandir(path: Path) -> object:
        if Path(path).name in closed:
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    assert "parcels" in (await fill()).added
    closed.add("more")
    with pytest.raises(DocumentRefused, match="more cannot be read"):
        await fill()


async def test_a_file_reached_in_two_ways_is_read_once(ingest: Ingest, knowledge: Path) -> None:
    (knowledge / "alias.md").symlink_to(knowledge / "hours.md")
    report = await ingest.run([knowledge, knowledge / "hours.md"], lexical_only=True)
    assert report.refused == ()
    assert len(report.added) == len(ENTRIES)


async def test_an_entry_with_few_questions_is_named_once(fill: Fill, knowledge: Path) -> None:
    write_entry(knowledge, "enough", questions=[f"wording {number}" for number in range(8)])
    (note,) = (await fill()).notes
    assert "Fewer than 8 questions listed: hours (1), kettle (1), refunds (1), returns (1). " in note
    assert (await fill()).notes == ()


@pytest.mark.parametrize("quote", ["", '"'])
async def test_a_last_day_ends_when_it_is_over_however_it_is_written(
    ingest: Ingest, index: EmbeddedIndex, tmp_path: Path, quote: str
) -> None:
    write_entry(tmp_path / "k", "sale", valid_until=f"{quote}2026-12-31{quote}")
    (tmp_path / "k" / "rows.csv").write_text("id;question;answer;valid_until\nrow;Sale?;Yes.;2026-12-31\n")
    await ingest.run([tmp_path / "k"])
    evening = SearchFilters(at=datetime(2026, 12, 31, 23, 59, tzinfo=UTC))
    midnight = SearchFilters(at=datetime(2027, 1, 1, tzinfo=UTC))
    for entry_id in ("sale", "row"):
        assert await index.get(entry_id, filters=evening) is not None  # type: ignore[arg-type]
        assert await index.get(entry_id, filters=midnight) is None  # type: ignore[arg-type]


async def test_a_bare_date_means_the_companys_own_day(ingest: Ingest, index: EmbeddedIndex, tmp_path: Path) -> None:
    write_entry(tmp_path / "k", "summer", valid_from="2026-07-01", valid_until="2026-07-31")
    await ingest.run([tmp_path / "k"])

    async def told(moment: datetime) -> bool:
        return await index.get("summer", filters=SearchFilters(at=moment)) is not None  # type: ignore[arg-type]

    # Dublin is an hour ahead of UTC in July.
    assert not await told(datetime(2026, 6, 30, 22, 59, tzinfo=UTC))
    assert await told(datetime(2026, 6, 30, 23, 0, tzinfo=UTC))
    assert await told(datetime(2026, 7, 31, 22, 59, tzinfo=UTC))
    assert not await told(datetime(2026, 7, 31, 23, 0, tzinfo=UTC))


async def test_an_entry_that_expires_today_is_not_told_tomorrow(
    ingest: Ingest, index: EmbeddedIndex, tmp_path: Path
) -> None:
    write_entry(tmp_path / "k", "sale", title="Autumn sale", answer="20 % off.", valid_until="2026-11-23")
    await ingest.run([tmp_path / "k"])
    tomorrow = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
    assert (await index.search("autumn sale", filters=SearchFilters(at=NOON))).hits
    assert (await index.search("autumn sale", filters=SearchFilters(at=tomorrow))).hits == ()


KILLED = """
import asyncio, os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo
import retrieval.adapters.embedded.{module} as module
from retrieval.adapters.embedded.store import EmbeddedStore
from retrieval.adapters.hashing_embedder import HashingEmbedder
from retrieval.documents.model import Limits
from retrieval.ingest import Ingest

def die(*_args, **_kwargs):
    os.kill(os.getpid(), signal.SIGKILL)

module.{victim} = die
store = EmbeddedStore(Path(sys.argv[2]), now=lambda: datetime(2026, 11, 23, tzinfo=UTC))
ingest = Ingest(store, HashingEmbedder(128), zone=ZoneInfo("Europe/Dublin"), limits=Limits(text_bytes=100_000))
asyncio.run(ingest.run([Path(sys.argv[1])]))
"""


@pytest.mark.parametrize(
    ("module", "victim"),
    [("snapshot", "build"), ("generations", "_sync_tree"), ("generations", "Generations._point_to")],
)
async def test_a_process_killed_in_the_middle_leaves_the_old_state(  # noqa: PLR0917
    fill: Fill, knowledge: Path, index_dir: Path, index: EmbeddedIndex, now: SearchFilters, module: str, victim: str
) -> None:
    before = await fill()
    write_entry(knowledge, "hours", title="When is the showroom open?", answer="Changed.")
    script = KILLED.format(module=module, victim=victim)
    done = subprocess.run(
        [sys.executable, "-c", script, str(knowledge), str(index_dir)], check=False, env=os.environ, timeout=120
    )
    assert done.returncode == -signal.SIGKILL
    assert await index.version() == before.version
    entry = await index.get("hours", filters=now)  # type: ignore[arg-type]
    assert entry
    assert entry.answer == "Monday to Saturday from 10:00."

    after = await fill()
    assert after.changed == ("hours",)
    assert (await index.search("showroom open", filters=now)).hits[0].answer == "Changed."
    assert not [path for path in index_dir.iterdir() if path.name.startswith(".building")]
