"""What is personal data, what only looks like it, and what an ingest does about it."""

from dataclasses import replace
from pathlib import Path

import pytest

from privacy.model import IN_DOCUMENTS
from privacy.personal_data import PersonalData
from retrieval.adapters.embedded.store import EmbeddedStore
from retrieval.adapters.hashing_embedder import HashingEmbedder
from retrieval.bootstrap import limits_from
from retrieval.company import personal_data_from
from retrieval.ingest import Ingest
from retrieval.settings import RetrievalSettings
from tests.retrieval.conftest import NOON, write_entry
from tests.retrieval.test_foreign_documents import DUBLIN

OURS = PersonalData(frozenset({"shop.example"}), frozenset({"+353915550142"}))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Pay with 4111 1111 1111 1111, please.", "payment card number"),
        ("card:5500-0000-0000-0004.", "payment card number"),
        ("378282246310005", "payment card number"),
        ("IBAN GB33BUKB20201555555555", "bank account number"),
        ("to IE29 AIBK 9311 5212 3456 78 BIC AIBKIE2D", "bank account number"),
        ("Ask anna.o'neill@mail.test.", "e-mail address"),
        ("[Anna](mailto:anna@shop.example.evil.test)", "e-mail address"),
        ("Call 087 123 4567 any time", "telephone number"),
        ("+44 20 7946 0018", "telephone number"),
    ],
)
def test_personal_data_is_found(text: str, kind: str) -> None:
    assert [find.kind for find in OURS.find(text)] == [kind]


@pytest.mark.parametrize(
    "text",
    [
        "4111 1111 1111 1112",
        "Order 10046, article AW-201, 2026-11-23, 10:00-18:00",
        "Tracking 0034 0434 1234 5678 90 12 34 56",
        "help@shop.example or press@news.shop.example",
        "+353 91 555 0142 or 091 555 0142",
        "EAN 5901234123457 costs 1.299,00",
        "GB33BUKB20201555555556",
        "DE is a country and VAT IE1234567X is a number",
        "0.5 l, 220-240 V, 0 to 100",
    ],
)
def test_what_only_looks_like_it_or_is_the_companys_own_is_none(text: str) -> None:
    assert OURS.find(text) == []


def test_masking_leaves_the_question_and_takes_the_person() -> None:
    asked = "Order 10046 for ann@mail.test, card 4111111111111111, call 087 123 4567: is AW-201 in it?"
    assert OURS.masked(asked) == "Order [number] for [e-mail], card [card], call [phone]: is AW-201 in it?"


def into(index_dir: Path) -> Ingest:
    settings = RetrievalSettings(company_domains="shop.example", company_phones="")
    return Ingest(
        EmbeddedStore(index_dir, now=lambda: NOON), HashingEmbedder(32), zone=DUBLIN, limits=limits_from(settings),
        screen=replace(personal_data_from(settings), kinds=IN_DOCUMENTS),
    )  # fmt: skip


async def test_an_entry_with_personal_data_is_refused_without_repeating_it(tmp_path: Path, index_dir: Path) -> None:
    write_entry(tmp_path / "k", "good", answer="Write to help@shop.example.")
    write_entry(tmp_path / "k", "bad", answer="Write to anna.berg@mail.test.")
    write_entry(tmp_path / "k", "asked", answer="Text.", questions=["is 4111 1111 1111 1111 valid"])
    write_entry(tmp_path / "k", "meant", answer="Our founder: anna.berg@mail.test.", personal_data="allowed")
    write_entry(tmp_path / "k", "book", kind="manual", answer="# Book\n\n## A\n\na@mail.test\n\n## B\n\nText.")
    report = await into(index_dir).run([tmp_path / "k"])
    assert report.added == ("book#Book > B", "good", "meant")
    told = " ".join(item.reason for item in report.refused)
    assert "bad holds personal data (e-mail address an…st)" in told
    assert "asked holds personal data (payment card number" in told
    assert "berg" not in told
    allowed = await into(index_dir).run([tmp_path / "k"], allow_personal_data=True)
    assert set(allowed.added) == {"asked", "bad", "book#Book > A"}


async def test_personal_data_that_came_into_an_entry_does_not_come_into_the_index(
    tmp_path: Path, index_dir: Path
) -> None:
    write_entry(tmp_path / "k", "good", answer="Old text.")
    write_entry(tmp_path / "k", "let-in", answer="anna.berg@mail.test")
    ingest = into(index_dir)
    await ingest.run([tmp_path / "k"], allow_personal_data=True)
    write_entry(tmp_path / "k", "good", answer="anna.berg@mail.test")
    report = await ingest.run([tmp_path / "k"])
    assert report.unchanged == ("good",)  # its last good state stays
    assert report.removed == ("let-in",)  # and has no good state to go back to


def test_the_demo_companys_knowledge_is_not_flagged() -> None:
    settings = RetrievalSettings()
    screen = replace(personal_data_from(settings), kinds=IN_DOCUMENTS)
    files = [path for path in Path("knowledge").rglob("*.md") if path.name != "README.md"]
    assert len(files) > 100
    assert {path.name: screen.find(path.read_text()) for path in files if screen.find(path.read_text())} == {}
