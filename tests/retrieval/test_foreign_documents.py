"""PDF, Word, HTML, tables and a help centre's export: what becomes of them, and what their worst do not do."""

import os
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from markdown_it import MarkdownIt

from retrieval.adapters.embedded.index import EmbeddedIndex
from retrieval.adapters.embedded.store import EmbeddedStore
from retrieval.adapters.hashing_embedder import HashingEmbedder
from retrieval.documents.apart import Apart
from retrieval.documents.model import Limits, Reading
from retrieval.documents.reader import Reader
from retrieval.errors import DocumentRefused
from retrieval.ingest import Ingest
from retrieval.model import Entry, SearchFilters
from tests.retrieval import foreign
from tests.retrieval.conftest import NOON, write_entry

DUBLIN = ZoneInfo("Europe/Dublin")
LIMITS = Limits(
    text_bytes=200_000, document_bytes=3 * 1024**2, unpacked_bytes=30 * 1024**2, pages=20, seconds=20.0
)  # fmt: skip


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    made = Reader(zone=DUBLIN, limits=LIMITS)
    yield made
    made.close()


Read = partial[tuple[Entry, ...]]


@pytest.fixture
def reading(reader: Reader, tmp_path: Path) -> partial[Reading]:
    def read(name: str, content: bytes, **beside: str) -> Reading:
        path = tmp_path / name
        path.write_bytes(content)
        if beside:
            lines = [f"{key}: {value}" for key, value in beside.items()]
            path.with_name(name + ".yml").write_text("\n".join(lines), encoding="utf-8")
        return reader.read(path, name)

    return partial(read)


PATHS = [
    ("Cresta grinder",),
    ("Cresta grinder", "Cleaning", "Filter"),
    ("Cresta grinder", "Cleaning", "Burrs"),
    ("Cresta grinder", "Error codes"),
]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("cresta.pdf", foreign.pdf()),
        ("cresta.pdf", foreign.pdf(outline=True)),
        ("cresta.pdf", foreign.pdf(head="User guide, March 2026", title="Microsoft Word - cresta_v3.docx")),
        ("cresta.docx", foreign.word()),
    ],
    ids=["sizes of letters", "outline", "running head", "heading styles"],
)
def test_a_manual_is_cut_at_its_headings(reading: partial[Reading], name: str, content: bytes) -> None:
    made = reading(name, content).entries
    assert [entry.path for entry in made] == PATHS
    assert made[1].entry_id == "cresta#Cleaning > Filter"
    assert made[1].answer == "Rinse the filter under cold water once a week and let it dry for a whole night."
    assert not any("March 2026" in entry.answer for entry in made)


def test_a_long_page_is_cut_at_its_headings_and_a_short_one_is_one_answer(reading: partial[Reading]) -> None:
    long = "<h1>Lamp</h1><p>A lamp.</p><h2>Care</h2><h3>Shade</h3><p>" + "Dust it. " * 150 + "</p>"
    paths = [entry.path for entry in reading("lamp.html", foreign.page(long)).entries]
    assert paths == [("Lamp",), ("Lamp", "Care", "Shade")]
    (short,) = reading("bulb.html", foreign.page("<h1>Bulb</h1><h2>Change</h2><p>Turn it.</p>", lang="en-IE")).entries
    assert (short.path, short.title, short.locale) == ((), "Bulb", "en-IE")


def test_a_file_beside_a_manual_says_who_may_read_it_and_until_when(reading: partial[Reading]) -> None:
    beside = {"audience": "staff", "id": "grinder", "title": "Manual", "valid_until": "2026-11-23"}
    made = reading("r.pdf", foreign.pdf(), **beside).entries
    assert made[1].path == ("Manual", "Cleaning", "Filter")
    assert {(entry.audience, entry.document_id) for entry in made} == {("staff", "grinder")}
    assert all(entry.valid_until and entry.valid_until.isoformat() == "2026-11-24T00:00:00+00:00" for entry in made)


def test_what_is_said_beside_a_file_is_never_lost_in_silence(reading: partial[Reading], tmp_path: Path) -> None:
    (tmp_path / "r.pdf.yaml").write_text("audience: staff")
    assert {entry.audience for entry in reading("r.pdf", foreign.pdf()).entries} == {"staff"}
    (tmp_path / "elsewhere").write_text("audience: staff")
    (tmp_path / "s.pdf.yml").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(DocumentRefused, match=r"s\.pdf\.yml is a symbolic link"):
        reading("s.pdf", foreign.pdf())


def test_a_wrong_key_beside_a_file_refuses_it_rather_than_losing_an_end_date(reading: partial[Reading]) -> None:
    with pytest.raises(DocumentRefused, match="valid_untill"):
        reading("r.pdf", foreign.pdf(), valid_untill="2026-11-23")


UNSEEN = [
    "<script>secret</script>",
    "<style>.secret{}</style>",
    "<noscript>secret</noscript>",
    "<template>secret</template>",
    "<p hidden>secret</p>",
    "<p style='color:red; DISPLAY : none'>secret</p>",
    "<p style='visibility:hidden'>secret</p>",
    "<p style='font-size:0px'>secret</p>",
    "<div aria-hidden='true'><b>secret</b></div>",
    "<p class='quiet'>secret</p>",
    "<!-- secret -->",
    "<form><input value='secret'><button>secret</button></form>",
    "<svg><text>secret</text></svg>",
    "<nav>secret</nav>",
    "<iframe srcdoc='secret'>secret</iframe>",
    "<img src='https://secret.example/x.png' onerror='secret'>",
    "<a href='https://ok.example' title='secret' onclick='secret'>x</a>",
]


@pytest.mark.parametrize("hidden", UNSEEN)
def test_what_a_reader_would_not_see_never_becomes_text(reading: partial[Reading], hidden: str) -> None:
    sheet = "<style>p{color:red} .quiet, .none { display:none !important }</style>"
    (entry,) = reading("p.html", foreign.page(f"<h1>Seen</h1><p>Plain text.</p>{hidden}", head=sheet)).entries
    assert "Plain text." in entry.answer
    assert "secret" not in entry.answer


@pytest.mark.parametrize(
    "link",
    [
        "<a href='javascript:alert(1)'>x</a>",
        "<a href=' JaVa\tScRiPt:alert(1)'>x</a>",
        "<a href='&#106;avascript:alert(1)'>x</a>",
        "<a href='data:text/html,alert(1)'>x</a>",
        "<a href='vbscript:alert(1)'>x</a>",
        "[x](javascript:alert(1))",
        "<pre>\n```\n[x](javascript:alert(1))</pre>",
        "<code>`[x](javascript:alert(1))`</code>",
        "<a href='https://ok.example/) [x](javascript:alert'>y</a>",
        "[x]<!-- -->(javascript:alert(1))",
        "&lt;a href='javascript:alert(1)'&gt;x&lt;/a&gt;",
        "<p>[x]: javascript:alert(1)</p>",
    ],
)
def test_no_link_but_to_the_web_mail_or_telephone_comes_through(reading: partial[Reading], link: str) -> None:
    (entry,) = reading("p.html", foreign.page(f"<h1>T</h1><p>Text {link}</p>")).entries
    renderer = MarkdownIt("commonmark")
    renderer.validateLink = lambda _url: True  # type: ignore[method-assign]  # a widget's renderer may be as careless
    shown = renderer.render(entry.answer)
    links = [part.split('"', 1)[0] for part in shown.split('href="')[1:]]
    assert all(address.startswith("https://ok.example/") for address in links)
    assert "<a href='" not in shown


def test_good_links_and_tables_stay(reading: partial[Reading]) -> None:
    body = (
        "<h1>T</h1><p>See <a href='/size'>sizes</a>.</p>"
        "<table><tr><th>a</th></tr><tr><td>1</td></tr></table><ul><li>one<li>two</ul>"
    )
    head = "<link rel='canonical' href='https://shop.example/help/t'>"
    (entry,) = reading("p.html", foreign.page(body, head=head)).entries
    assert "[sizes](https://shop.example/size)" in entry.answer
    assert "| 1 |" in entry.answer
    assert "- one\n- two" in entry.answer
    assert entry.url == "https://shop.example/help/t"


def test_a_table_of_questions_becomes_entries_with_ids_that_last(reading: partial[Reading]) -> None:
    rows = 'Question;Answer;questions;audience\nOpen on Sunday?;"No, never.";sunday hours|weekend;\n'
    rows += "Key code?;1234;;staff\n"
    made = reading("faq.csv", rows.encode()).entries
    assert [(entry.title, entry.answer, entry.questions, entry.audience) for entry in made] == [
        ("Open on Sunday?", "No, never.", ("sunday hours", "weekend"), "public"),
        ("Key code?", "1234", (), "staff"),
    ]
    moved = reading("faq.csv", (b"Question;Answer\nNew?;Yes.\nOpen on Sunday?;No, never.\n")).entries
    assert moved[1].entry_id == made[0].entry_id


def test_a_broken_line_is_refused_by_itself(reading: partial[Reading]) -> None:
    lines = (
        b'{"question": "A?", "answer": "a"}\n{"question": "B?", \n[1]\n{"question": "C?"}\n'
        b'{"question": "D?", "answer": "d", "valid_untill": "2026-01-01"}\n{"question": "A?", "answer": "again"}\n'
    )
    made = reading("faq.jsonl", lines)
    assert [entry.title for entry in made.entries] == ["A?"]
    told = [reason.split(":", 1)[0] for reason in made.refused]
    assert told == ["line 2", "line 3", "line 4", "line 5", "line 6"]
    assert "valid_untill" in made.refused[3]
    assert "already used by line 1" in made.refused[4]


def test_a_fault_in_a_table_is_told_with_the_line_where_its_row_begins(reading: partial[Reading]) -> None:
    made = reading("faq.csv", b'question,answer\nA?,"two\nlines"\nB?,"two\nlines",more\nC?,"never closed\nD?,d\nE?,e\n')
    assert [entry.title for entry in made.entries] == ["A?"]
    assert [reason.split(":", 1)[0] for reason in made.refused] == ["line 4", "from line 6"]


def test_a_misspelt_column_refuses_the_rows_that_use_it(reading: partial[Reading]) -> None:
    with pytest.raises(DocumentRefused, match="valid_untill"):
        reading("faq.csv", b"question,answer,valid_untill\nA?,a,2026-01-01\n")


def test_a_help_centre_comes_in_with_its_sections_links_and_readers(reading: partial[Reading]) -> None:
    content = foreign.export(
        foreign.article(
            1,
            body="<p>Within <b>30</b> days, see <a href='/hc/2'>how</a>.</p>",
            label_names=["x", "send it back"],
        ),
        foreign.article(2, draft=True),
        foreign.article(3, user_segment_id=50),
        foreign.article(4, user_segment_id=60),
        foreign.article(5, body="<script>x</script>"),
        {"id": 6},
        user_segments=[{"id": 50, "user_type": "signed_in_users"}],
    )  # fmt: skip
    made = reading("help.json", content)
    first, signed_in, unknown = made.entries
    assert (first.entry_id, first.category, first.updated) == ("zendesk-1-en-us", "shipping-returns", "2026-10-01")
    assert first.answer == "Within **30** days, see [how](https://help.example/hc/2)."
    assert (first.questions, first.url) == (("send it back",), "https://help.example/hc/en-us/articles/1")
    assert (first.audience, signed_in.audience, unknown.audience) == ("public", "customer", "staff")
    assert made.notes == ("help.json: 1 drafts left out",)
    assert [reason.split(":", 1)[0] for reason in made.refused] == ["article 5", "article 6"]


def test_a_page_of_an_export_is_not_taken_for_the_whole(reading: partial[Reading]) -> None:
    made = reading("help.json", foreign.export(foreign.article(1), None, next_page="https://help.example/?page=2"))
    assert made.refused == ("article number 2: not an article: export it anew",)
    assert "only one page of the export" in made.notes[0]


HOSTILE = {
    "scan.pdf": (foreign.scan(), "OCR"),
    "locked.pdf": (foreign.pdf(password="x"), "encrypted"),
    "cut.pdf": (foreign.pdf()[:700], "PDF"),
    "long.pdf": (foreign.pdf([(2, "A chapter with some words")] * 25), "more than 20 pages"),
    "bomb.docx": (foreign.bomb(40), "unpacks to 40 MiB"),
    "fake.docx": (b"not a zip", "not a ZIP archive"),
    "old.docx": (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "encrypted or old"),
    "latin.html": ("<p>Caf\xe9</p>".encode("latin-1"), "not utf-8"),
    "lies.html": (b"<meta charset='ascii'><p>Caf\xc3\xa9</p>", "not ascii"),
    "deep.html": (b"<div>" * 30_000 + b"x", "deep"),
    "empty.html": (foreign.page("<p hidden>x</p>"), "no text"),
    "latin.csv": ("question,answer\nCaf\xe9,x".encode("latin-1"), "not UTF-8"),
    "head.csv": (b"frage,antwort\na,b", "question and answer"),
    "quote.csv": (b'question,answer\n"a,b', "CSV"),
    "none.jsonl": (b"[]\n", "not an object"),
    "broken.json": (b'{"articles": [', "not JSON"),
    "other.json": (b'{"users": []}', "no list of articles"),
    "deep.json": (b"[" * 200_000, "not JSON"),
    "huge.pdf": (b"%PDF-1.7\n" + b"0" * (3 * 1024**2), "larger than"),
}


async def test_each_hostile_file_is_refused_by_itself_and_the_rest_goes_in(tmp_path: Path, index_dir: Path) -> None:
    folder = tmp_path / "k"
    write_entry(folder, "good")
    for name, (content, _) in HOSTILE.items():
        (folder / name).write_bytes(content)
    (folder / "good.pdf").write_bytes(foreign.pdf())
    (folder / "good.pdf.yml").write_text("id: good-manual")
    with (folder / "vast.pdf").open("wb") as file:
        file.truncate(200 * 1024**2)
    store = EmbeddedStore(index_dir, now=lambda: NOON)
    report = await Ingest(store, HashingEmbedder(32), zone=DUBLIN, limits=LIMITS).run([folder])
    reasons = {Path(item.source).name: item.reason for item in report.refused}
    assert set(reasons) == {*HOSTILE, "vast.pdf"}
    assert {name: reason for name, (_, reason) in HOSTILE.items() if reason not in reasons[name]} == {}
    assert {entry_id.partition("#")[0] for entry_id in report.added} == {"good", "good-manual"}


def sleep_for_ever() -> Reading:
    time.sleep(600)
    return Reading()


def eat_memory() -> Reading:
    return Reading(notes=("x" * 3 * 1024**3,))


def crash() -> Reading:
    os._exit(1)


def fine() -> Reading:
    return Reading(notes=("fine",))


def test_a_parser_that_hangs_eats_memory_or_dies_takes_nobody_with_it() -> None:
    apart = Apart(seconds=2.0, memory_bytes=2 * 1024**3)
    try:
        assert apart.call(fine).notes == ("fine",)
        for work, reason in ((sleep_for_ever, "longer than 2 s"), (eat_memory, "memory"), (crash, "down")):
            with pytest.raises(DocumentRefused, match=reason):
                apart.call(work)
            assert apart.call(fine).notes == ("fine",)
    finally:
        apart.close()


async def test_a_changed_export_changes_only_its_articles(ingest: Ingest, index: EmbeddedIndex, tmp_path: Path) -> None:
    folder = tmp_path / "k"
    folder.mkdir()
    (folder / "help.json").write_bytes(foreign.export(*(foreign.article(n) for n in (1, 2, 3))))
    await ingest.run([folder])
    (folder / "help.json").write_bytes(
        foreign.export(foreign.article(1), foreign.article(2, body="<p>New.</p>"), foreign.article(3, draft=True))
    )
    report = await ingest.run([folder])
    assert report.unchanged == ("zendesk-1-en-us",)
    assert (report.changed, report.removed) == (("zendesk-2-en-us",), ("zendesk-3-en-us",))
    hits = (await index.search("article 2", filters=SearchFilters(at=NOON))).hits
    assert hits[0].answer == "New."
